// @vitest-environment node
import 'fake-indexeddb/auto'
import { counts, statusOf } from '@hushui/sync'
import type { Draft, Identity, Notice } from '@hushui/sync'
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer } from '../../tests/fakeServer.ts'
import type { FakeServer } from '../../tests/fakeServer.ts'
import { fakeLocks } from '../../tests/fakeLocks.ts'
import { cacheName, openCache } from '../db/cache.ts'
import { openOutbox } from '../db/outbox.ts'
import type { Outbox } from '../db/outbox.ts'
import { newId, sha256 } from '../ports.ts'
import { startEngine, toFree } from './engine.ts'
import type { Engine } from './engine.ts'
import { createTransport } from './transport.ts'

let identity: Identity
let server: FakeServer
let outbox: Outbox
let engines: Engine[] = []
let notices: Notice[] = []

beforeEach(() => {
  const [device, epoch] = [newId(), newId()]
  identity = { device, person: newId(), org: newId(), epoch, contact: `${epoch}:0`, app: 'test' }
  server = fakeServer(device, epoch)
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => server.fetch(path, init))
  outbox = openOutbox(device)
  notices = []
})

afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()))
  engines = []
  outbox.close()
  vi.unstubAllGlobals()
})

async function start(): Promise<Engine> {
  const engine = await startEngine({
    identity,
    outbox,
    openCache: () => openCache(identity.device),
    transport: (cargo) => createTransport('secret', cargo, () => 'zh-CN'),
    storage: () => Promise.resolve({ persisted: true, usage: 1, quota: 2 }),
    onNotices: (said) => notices.push(...said),
  })
  engines.push(engine)
  return engine
}

function hazard(values: Partial<Draft> & { note?: string } = {}): Draft {
  const { note = '坝脚渗水', ...rest } = values
  const op = { kind: 'hazard', record: newId(), act: 'put', set: { note }, base: {} } as const
  return { id: newId(), ops: [op], blobs: [], ...rest }
}

const recordOf = (draft: Draft): string => draft.ops[0]?.record ?? ''
const synced = (engine: Engine) =>
  vi.waitFor(() => expect(counts(engine.state())).toMatchObject({ lines: 0, photos: 0 }), 5000)

async function photo(size = 400_000) {
  const whole = new Uint8Array(size)
  crypto.getRandomValues(whole.subarray(0, 1000))
  return { bytes: whole.buffer, sha256: await sha256(whole), type: 'image/jpeg' }
}

describe('engine', () => {
  it('H01 greets first, with clock and disk of that moment, and the token', async () => {
    const engine = await start()
    await vi.waitFor(() => expect(server.calls.length).toBeGreaterThan(1))
    const [hello] = server.calls
    expect(hello?.path).toBe('/api/sync/hello')
    expect(hello?.headers.get('authorization')).toBe('Bearer secret')
    expect(hello?.body).toMatchObject({
      device: identity.device,
      head: { n: 0 },
      storage: { persisted: true, usage: 1, quota: 2 },
    })
    expect((hello?.body as { wall: number }).wall).toBeCloseTo(Date.now(), -4)
    expect(engine.contact().at).not.toBeNull()
  })

  it('E01 sends the bytes of the disk, gzipped where it is worth it', async () => {
    const engine = await start()
    const drafts = [hazard(), hazard({ note: '长'.repeat(900) })]
    for (const draft of drafts) await engine.capture(draft)
    await synced(engine)
    const stored = await outbox.lines(1)
    expect(server.lines).toEqual(stored.map(({ bytes }) => new TextDecoder().decode(bytes)))
    const packings = (what: string) =>
      server.calls
        .filter(({ path }) => path.startsWith(`/api/sync/${what}`))
        .map(({ headers }) => headers.get('content-encoding'))
    // A line is always long enough; a first pull names no cursor.
    expect(new Set([...packings('push'), ...packings('hello')])).toEqual(new Set(['gzip']))
    expect(packings('pull')[0]).toBe(null)
  })

  it('H07 what could not be sent goes by itself when the network is back', async () => {
    server.fault = () => {
      throw new TypeError('no network')
    }
    const engine = await start()
    const draft = hazard()
    await engine.capture(draft)
    expect(statusOf(engine.state(), recordOf(draft))?.state).toBe('saved_local')
    await vi.waitFor(() => expect(engine.contact().retryAt).not.toBeNull())
    server.fault = null
    await synced(engine)
    expect(statusOf(engine.state(), recordOf(draft))?.state).toBe('received')
  })

  const thrown: readonly [string, unknown][] = [
    ['a network error', new TypeError('no network')],
    ['an abort', new DOMException('gone', 'AbortError')],
    ['words', 'no'],
    ['nothing', undefined],
    ['null', null],
    ['what cannot be cloned', () => 0],
    ['a symbol', Symbol('no')],
    [
      'what cannot even be looked at',
      new Proxy(Object.create(null) as object, {
        get() {
          throw new Error('no')
        },
      }),
    ],
  ]
  it.each(thrown)('H07 whatever a request throws, it is only tried again: %s', async (_, what) => {
    let tried = 0
    server.fault = () => {
      tried += 1
      throw what
    }
    const engine = await start()
    const draft = hazard()
    await engine.capture(draft)
    await vi.waitFor(() => expect(engine.contact().retryAt).not.toBeNull())
    expect(tried).toBeGreaterThan(0)
    server.fault = null
    await synced(engine)
    expect(statusOf(engine.state(), recordOf(draft))?.state).toBe('received')
  })

  it('H04 whatever writes shows the newest answer that the phone knows of', async () => {
    const engine = await start()
    await vi.waitFor(() => expect(engine.contact().at).not.toBeNull())
    const picture = await photo()
    await engine.capture(hazard({ blobs: [picture.sha256] }), { blobs: [picture] })
    await synced(engine)
    const shown = (where: string) =>
      server.calls
        .filter(({ path }) => path.split('?')[0] === where)
        .map(({ headers }) => headers.get('hushui-contact'))
    const seen = /^[0-7][0-9a-v]{25}:[0-9]+$/
    for (const where of ['/api/sync/push', '/api/blobs', '/api/blobs/up0']) {
      expect(shown(where)).not.toEqual([])
      for (const contact of shown(where)) expect(contact).toMatch(seen)
    }
    const said = [...shown('/api/sync/hello'), ...shown('/api/sync/pull')]
    expect(new Set(said)).toEqual(new Set([null]))
  })

  it('S08 photos travel beside the lines, in chunks, after the line that names them', async () => {
    const engine = await start()
    const picture = await photo()
    const draft = hazard({ blobs: [picture.sha256] })
    await engine.capture(draft, { blobs: [picture] })
    await synced(engine)
    expect(server.blobs.get(picture.sha256)?.length).toBe(400_000)
    const order = server.calls.map(({ path }) => path.split('?')[0])
    expect(order.indexOf('/api/sync/push')).toBeLessThan(order.indexOf('/api/blobs'))
    expect(order.filter((path) => path === '/api/blobs/up0').length).toBeGreaterThanOrEqual(2)
    expect(statusOf(engine.state(), recordOf(draft))?.state).toBe('received')
  })

  it('B07 frees bytes only when line and blob are received, and remembers that it was meant', async () => {
    const engine = await start()
    const picture = await photo(1000)
    server.fault = (path) =>
      path.startsWith('/api/blobs') ? new Response(null, { status: 503 }) : undefined
    await engine.capture(hazard({ blobs: [picture.sha256] }), { blobs: [picture] })
    await vi.waitFor(() => expect(counts(engine.state()).lines).toBe(0))
    await engine.makeRoom()
    expect(await outbox.bytes(picture.sha256)).toBeDefined()
    server.fault = null
    engine.hurry()
    await synced(engine)
    await vi.waitFor(async () => {
      await engine.makeRoom()
      expect(await outbox.bytes(picture.sha256)).toBeUndefined()
    })
    expect(await outbox.blobs()).toMatchObject([{ freed: true, here: false }])
    expect(counts(engine.state()).lost).toEqual([])
  })

  it('B07 frees the oldest photos first, in whatever order the store lists them', async () => {
    const engine = await start()
    const pictures = []
    for (let i = 0; i < 4; i++) pictures.push(await photo(1000 + i))
    pictures.sort((a, b) => (a.sha256 < b.sha256 ? 1 : -1))
    for (const picture of pictures) {
      await engine.capture(hazard({ blobs: [picture.sha256] }), { blobs: [picture] })
    }
    await synced(engine)
    await engine.close()
    engines = []

    const after = await start()
    await vi.waitFor(() => expect(toFree(after.state(), 0)).toHaveLength(4))
    expect(toFree(after.state(), 0)).toEqual(pictures.map(({ sha256 }) => sha256))
  })

  it('P10 a token that is not known deletes nothing', async () => {
    server.fault = () => new Response(JSON.stringify({ code: 'unknown_device' }), { status: 401 })
    const engine = await start()
    await engine.capture(hazard())
    await vi.waitFor(() => expect(notices.map(({ what }) => what)).toContain('unknown_device'))
    expect(await outbox.lines(1)).toHaveLength(1)
    expect(counts(engine.state()).lines).toBe(1)
  })

  it('a cache that was dropped is filled again, and no line is sent as new', async () => {
    const zone = { record: newId(), rev: `${identity.epoch}:1`, body: { kind: 'zone', fields: {} } }
    server.rows.push(zone)
    const before = await start()
    const draft = hazard()
    await before.capture(draft)
    await synced(before)
    await vi.waitFor(() => expect(before.state().rows.has(zone.record)).toBe(true))
    await before.close()
    engines = []
    await deleteDB(cacheName(identity.device))

    const after = await start()
    expect(after.state().rows.size).toBe(0)
    await vi.waitFor(() => expect(after.state().rows.has(zone.record)).toBe(true))
    await synced(after)
    expect(server.lines).toHaveLength(1)
    expect(statusOf(after.state(), recordOf(draft))?.state).toBe('received')
  })

  it('C02 what another tab captured is taken in and sent', async () => {
    const engine = await start()
    const other = openOutbox(identity.device)
    const at = { wall: 1, mono: 1, boot: newId(), offset: 0, contact: identity.contact }
    await other.capture(at, hazard())
    await engine.capture(hazard())
    await synced(engine)
    expect(server.lines).toHaveLength(2)
    other.close()
  })

  it('P11 says that lines are lost only after a look at the disk, and says it with the next', async () => {
    const engine = await start()
    for (const note of ['一', '二', '三']) await engine.capture(hazard({ note }))
    await synced(engine)
    await Promise.all(engines.map((engine) => engine.close()))
    engines = []
    outbox.close()
    const db = await openDB(`hushui-outbox-${identity.device}`)
    await db.delete('lines', 1)
    db.close()
    outbox = openOutbox(identity.device)
    await deleteDB(cacheName(identity.device))
    server.forget()
    const before = server.calls.length
    await start()
    await vi.waitFor(() => {
      const sent = server.calls.slice(before).map(({ path }) => path)
      expect(sent).toContain(`/api/sync/push?device=${identity.device}&from=2&lost=1`)
    })
    const stop = { why: 'lines_missing', from: 1, to: 1 }
    expect(notices).toContainEqual({ what: 'stopped', stop })
  })

  it('P11 a look that failed says nothing', async () => {
    const engine = await start()
    for (const note of ['一', '二']) await engine.capture(hazard({ note }))
    await synced(engine)
    await Promise.all(engines.map((each) => each.close()))
    engines = []
    const db = await openDB(`hushui-outbox-${identity.device}`)
    await db.delete('lines', 1)
    db.close()
    await deleteDB(cacheName(identity.device))
    server.forget()
    const { lines } = outbox
    const looks = vi.spyOn(outbox, 'lines').mockImplementation((from, to) => {
      return to === 1 ? Promise.reject(new Error('broken')) : lines(from, to)
    })
    await start()
    await vi.waitFor(() => expect(looks).toHaveBeenCalledWith(1, 1))
    await new Promise((done) => setTimeout(done, 50))
    expect(server.calls.filter(({ path }) => path.includes('lost='))).toEqual([])
    expect(notices).not.toContainEqual(expect.objectContaining({ what: 'lines_lost' }))
    looks.mockRestore()
  })

  it('P11 lines that go from the disk under an open page do not keep the others', async () => {
    server.fault = () => {
      throw new TypeError('no network')
    }
    const engine = await start()
    for (const note of ['一', '二', '三']) await engine.capture(hazard({ note }))
    const db = await openDB(`hushui-outbox-${identity.device}`)
    await db.delete('lines', 1)
    db.close()
    server.fault = null
    engine.hurry()
    await vi.waitFor(() => {
      const sent = server.calls.map(({ path }) => path)
      expect(sent).toContain(`/api/sync/push?device=${identity.device}&from=2&lost=1`)
    }, 5000)
  })

  it('one tab syncs, the other sees the same and takes over when the first goes', async () => {
    vi.stubGlobal('navigator', { onLine: true, locks: fakeLocks() })
    const first = await start()
    const second = await start()
    const draft = hazard()
    await second.capture(draft)
    expect(statusOf(second.state(), recordOf(draft))?.state).toBe('saved_local')
    await vi.waitFor(() =>
      expect(statusOf(second.state(), recordOf(draft))?.state).toBe('received'),
    )
    await vi.waitFor(() => expect(second.contact().at).toBe(first.contact().at))
    expect(server.calls.filter(({ path }) => path.endsWith('/hello'))).toHaveLength(1)

    await first.close()
    engines = [second]
    await second.capture(hazard())
    await synced(second)
    expect(server.lines).toHaveLength(2)
    expect(server.calls.filter(({ path }) => path.endsWith('/hello'))).toHaveLength(2)
  })

  it('an answer that is not from the server is a failed request, not an answer', async () => {
    server.fault = () => new Response('<html>请登录 WiFi</html>', { status: 200 })
    const engine = await start()
    await engine.capture(hazard())
    await vi.waitFor(() => expect(engine.contact().retryAt).not.toBeNull())
    expect(counts(engine.state()).lines).toBe(1)
    server.fault = null
    await synced(engine)
  })
})
