// @vitest-environment happy-dom
import { limits } from '@hushui/sync'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer } from '../../tests/fakeServer.ts'
import type { FakeServer } from '../../tests/fakeServer.ts'
import type { App, Camera, Enrolled, Saved } from '../app.ts'
import { openOutbox } from '../db/outbox.ts'
import { newId, sha256 } from '../ports.ts'
import { createApp } from './create.ts'
import type { Running } from './create.ts'
import { BYTES_MAX, fitting } from './rescue.ts'

vi.mock('../capture/photo.ts', async (original) => ({
  ...(await original<object>()),
  photograph: async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(700)).buffer
    return { bytes, width: 4, height: 3, sha256: await sha256(bytes) }
  },
}))

const camera = { freeze: () => Promise.resolve({}) } as unknown as Camera
const PERSON = newId()

let server: FakeServer
let running: Running | undefined
let isCut = false

beforeEach(() => {
  indexedDB = new IDBFactory()
  isCut = false
  server = fakeServer('', newId())
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (isCut) throw new TypeError('no network')
    if (path !== '/api/enrol') return server.fetch(path, init)
    const { device } = JSON.parse(String(init.body)) as { device: string }
    server = fakeServer(device, server.epoch)
    const answer = (await (await server.fetch(path, init)).json()) as object
    return Response.json({ ...answer, person: PERSON })
  })
})

afterEach(async () => {
  isCut = false
  await running?.close()
  running = undefined
  vi.unstubAllGlobals()
})

async function joined(): Promise<App> {
  running = await createApp()
  expect(await running.app.enrol('12345678', '手机')).toMatchObject({ ok: true })
  return running.app
}

const deviceOf = (app: App) => (app.session.value as Enrolled).device
const note = (app: App, text: string) =>
  app.submit({ ops: [app.opPut('hazard', app.newId(), { note: text })] })
const made = async (app: App) => {
  const bundle = await (await app.upkeep()).rescue()
  return { bundle, files: await unpacked(await bundle.file()) }
}

async function withPhoto(app: App, text: string): Promise<{ saved: Saved; photo: string }> {
  const draft = await app.drafts.open('hazard', { fields: { note: text } })
  const outcome = await draft.shoot(camera, { slot: 'scene' })
  return { saved: await draft.submit(), photo: outcome.ok ? outcome.photo.sha256 : '' }
}

/** By its own headers, from the first byte on. */
async function unpacked(zip: Blob): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const bytes = new Uint8Array(await zip.arrayBuffer())
  const view = new DataView(bytes.buffer)
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (let at = 0; view.getUint32(at, true) === 0x04034b50;) {
    const [size, path] = [view.getUint32(at + 22, true), view.getUint16(at + 26, true)]
    const start = at + 30 + path
    files.set(
      new TextDecoder().decode(bytes.slice(at + 30, start)),
      bytes.slice(start, start + size),
    )
    at = start + size
  }
  return files
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
const aboutOf = (files: Map<string, Uint8Array>) =>
  JSON.parse(text(files.get('bundle.json'))) as {
    feeds: { device: string; from: number; lines: number; head: { n: number; hash: string } }[]
    blobs: { sha256: string; size: number; here: boolean }[]
    [name: string]: unknown
  }

describe('the rescue bundle', () => {
  it('K01 holds the unsent lines as they were captured and their photos by hash', async () => {
    const app = await joined()
    const sent = await note(app, '传走的')
    await app.receiptOf(sent, 3000)
    isCut = true
    const first = await withPhoto(app, '没传的')
    const second = await withPhoto(app, '也没传的')
    await app.drafts.open('hazard', { fields: { note: '草稿不在里面' } })

    const { bundle, files } = await made(app)
    const device = deviceOf(app)
    expect(bundle).toMatchObject({ lines: 2, photos: 2, gone: 0, over: 0 })
    expect([...files.keys()].sort()).toEqual(
      [
        ...['bundle.json', `feeds/${device}/2.ndjson`],
        ...[`blobs/${first.photo}`, `blobs/${second.photo}`],
      ].sort(),
    )
    const outbox = openOutbox(device)
    const lines = await outbox.lines(2)
    expect(text(files.get(`feeds/${device}/2.ndjson`))).toBe(
      lines.map(({ bytes }) => `${text(bytes)}\n`).join(''),
    )
    for (const photo of [first.photo, second.photo]) {
      expect(await sha256(files.get(`blobs/${photo}`)?.buffer ?? new ArrayBuffer())).toBe(photo)
    }
    outbox.close()
    expect(aboutOf(files)).toMatchObject({
      ...{ format: 'hushui-rescue', v: 1, person: PERSON },
      feeds: [{ device, from: 2, lines: 2, head: { n: 3, hash: second.saved.hash } }],
      blobs: [
        { sha256: first.photo, size: 700, here: true },
        { sha256: second.photo, size: 700, here: true },
      ],
    })
  })

  it('K01 is the body of a push, and then everything is there once', async () => {
    const app = await joined()
    isCut = true
    const { saved } = await withPhoto(app, '没传的')
    const { files } = await made(app)
    const device = deviceOf(app)
    isCut = false
    const body = files.get(`feeds/${device}/1.ndjson`) ?? new Uint8Array()
    await server.fetch(`/api/sync/push?device=${device}&from=1`, { method: 'POST', body })
    app.syncNow()
    await app.receiptOf(saved, 3000)
    expect(server.lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([
      saved.entry,
    ])
  })

  it('K04 changes nothing on the phone, however often it is made', async () => {
    const app = await joined()
    isCut = true
    const { photo } = await withPhoto(app, '没传的')
    const before = { ...app.counts.value }
    await made(app)
    const { bundle } = await made(app)
    expect(app.counts.value).toEqual(before)
    expect(before).toMatchObject({ lines: 1, photos: 1 })
    expect(bundle).toMatchObject({ lines: 1, photos: 1 })
    isCut = false
    app.syncNow()
    await vi.waitFor(() => expect(app.counts.value).toMatchObject({ lines: 0, photos: 0 }), 5000)
    expect(server.blobs.has(photo)).toBe(true)
    expect((await made(app)).bundle).toMatchObject({ lines: 0, photos: 0 })
  })

  it('takes a photo along whose line has arrived already', async () => {
    const app = await joined()
    server.fault = (path) =>
      path.startsWith('/api/blobs') ? new Response(null, { status: 503 }) : undefined
    const { saved, photo } = await withPhoto(app, '文字到了')
    await app.receiptOf(saved, 3000)
    const { bundle, files } = await made(app)
    expect(bundle).toMatchObject({ lines: 0, photos: 1 })
    expect([...files.keys()]).toEqual(['bundle.json', `blobs/${photo}`])
  })

  it('says of a photo that it is gone from the phone', async () => {
    const app = await joined()
    isCut = true
    const { photo } = await withPhoto(app, '没传的')
    const device = deviceOf(app)
    await running?.close()
    const outbox = openOutbox(device)
    await outbox.free([photo])
    outbox.close()
    running = await createApp()
    const { bundle, files } = await made(running.app)
    expect(bundle).toMatchObject({ lines: 1, photos: 0, gone: 1 })
    expect(aboutOf(files).blobs).toMatchObject([{ sha256: photo, here: false }])
  })

  it('P05 a feed that went on elsewhere does not come twice', async () => {
    const app = await joined()
    const common = await note(app, '都有的')
    await app.receiptOf(common, 3000)
    const old = deviceOf(app)
    server.fork = { n: 1, hash: common.hash, ticket: 'ticket-to-go-on' }
    const late = await withPhoto(app, '分叉以后')
    await vi.waitFor(() => expect(deviceOf(app)).not.toBe(old))
    isCut = true
    const last = await note(app, '搬家以后')
    const { bundle, files } = await made(app)
    const about = aboutOf(files)
    expect(about.feeds.map(({ device }) => device)).toEqual([deviceOf(app)])
    const ids = [...files]
      .filter(([name]) => name.startsWith('feeds/'))
      .flatMap(([, bytes]) => text(bytes).trimEnd().split('\n'))
      .map((line) => (JSON.parse(line) as { id: string }).id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.at(-1)).toBe(last.entry)
    expect(bundle.lines).toBeGreaterThan(0)
    expect(late.photo).not.toBe('')
  })

  it('P05 of a feed that has not gone on yet nothing is left behind', async () => {
    const app = await joined()
    const common = await note(app, '都有的')
    await app.receiptOf(common, 3000)
    const old = deviceOf(app)
    isCut = true
    const { saved } = await withPhoto(app, '还在老的里')
    await running?.close()
    // Moved, and killed before its lines were carried over.
    const outbox = openOutbox(old)
    await outbox.set({ moved: { to: newId(), after: 5, done: false } })
    outbox.close()
    running = await createApp()
    const { bundle, files } = await made(running.app)
    expect(deviceOf(running.app)).not.toBe(old)
    expect(bundle).toMatchObject({ lines: 1, photos: 1 })
    expect(text(files.get(`feeds/${old}/2.ndjson`))).toContain(saved.entry)
  })
})

describe('what fits into one file', () => {
  const photo = (name: string, size: number) => ({
    ...{ sha256: name.repeat(64), device: 'd', size, type: 'image/jpeg', here: true },
  })

  it('takes photos in their order, and of the rest those for which there is room', () => {
    const photos = [photo('a', 1000), photo('b', 5000), photo('c', 1000)]
    expect(fitting(photos, 3000).map(({ sha256: name }) => name[0])).toEqual(['a', 'c'])
    expect(fitting(photos, 9000)).toHaveLength(3)
  })

  it('is what the office takes', () => expect(BYTES_MAX).toBe(limits.RESCUE_BYTES))
})
