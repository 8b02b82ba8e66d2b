// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer } from '../../tests/fakeServer.ts'
import type { FakeServer } from '../../tests/fakeServer.ts'
import type { App, Camera, Enrolled } from '../app.ts'
import { StorageFull } from '../app.ts'
import { openDevices } from '../db/devices.ts'
import { newId, sha256 } from '../ports.ts'
import { createApp } from './create.ts'
import type { Running } from './create.ts'

// No canvas here: the picture is some bytes, the rest of the way is the real one.
vi.mock('../capture/photo.ts', async (original) => ({
  ...(await original<object>()),
  photograph: async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(500)).buffer
    return { bytes, width: 4, height: 3, sha256: await sha256(bytes) }
  },
}))

const camera = { freeze: () => Promise.resolve({}) } as unknown as Camera

let server: FakeServer
let running: Running | undefined

beforeEach(() => {
  indexedDB = new IDBFactory()
  server = fakeServer('', newId())
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (path !== '/api/enrol') return server.fetch(path, init)
    // Each device enrols as a person of its own.
    const { device } = JSON.parse(String(init.body)) as { device: string }
    server = fakeServer(device, server.epoch)
    const answer = (await (await server.fetch(path, init)).json()) as object
    return Response.json({ ...answer, person: device })
  })
})

afterEach(async () => {
  await running?.close()
  running = undefined
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function open(): Promise<App> {
  await running?.close()
  running = await createApp()
  return running.app
}

async function enrolled(): Promise<App> {
  const app = await open()
  expect(await app.enrol('1234 5678', '张河的手机')).toMatchObject({ ok: true })
  return app
}

const opOf = (app: App, note: string) => app.opPut('hazard', app.newId(), { note })

describe('session', () => {
  it('begins without a person, and drafts work', async () => {
    const app = await open()
    expect(app.session.value).toEqual({ phase: 'none' })
    const draft = await app.drafts.open('hazard')
    await draft.shoot(camera, { slot: 'scene' })
    expect(app.counts.value.drafts).toBe(1)
    await expect(app.submit({ ops: [opOf(app, 'x')] })).rejects.toThrow()
  })

  it('N01 enrolling keeps the device and its drafts, and learns the organisation', async () => {
    const app = await open()
    await app.drafts.open('hazard', { fields: { note: '先写' } })
    const outcome = await app.enrol('12345678', '手机')
    expect(outcome.ok && outcome.session.device).toBe(app.devices.value[0]?.device)
    expect(app.drafts.list.value).toHaveLength(1)
    await vi.waitFor(() =>
      expect(app.session.value).toMatchObject({ org: { name: '南河站', demo: true } }),
    )
  })

  it('N01 a code asked for twice presents the same device and key', async () => {
    const asked: unknown[] = []
    vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
      if (path === '/api/enrol') asked.push(JSON.parse(String(init.body)))
      throw new TypeError('no network')
    })
    const app = await open()
    expect(await app.enrol('12345678', '')).toMatchObject({ ok: false, code: 'offline' })
    const again = await open()
    await again.enrol('12345678', '')
    expect(asked).toHaveLength(2)
    expect(asked[0]).toEqual(asked[1])
  })

  it('says with the code of the server why it did not', async () => {
    const app = await open()
    const body = JSON.stringify({ code: 'code_used', detail: '别的手机用过了' })
    const headers = { 'retry-after': '60' }
    vi.stubGlobal('fetch', async () => new Response(body, { status: 410, headers }))
    const outcome = await app.enrol('12345678', '')
    expect(outcome).toEqual({
      ...{ ok: false, code: 'code_used' },
      ...{ detail: '别的手机用过了', retryAfter: 60 },
    })
  })

  it('another person takes the phone, and nothing of the first is gone', async () => {
    const app = await enrolled()
    const first = (app.session.value as Enrolled).device
    const { entry } = await app.submit({ ops: [opOf(app, '甲')] })
    await app.addPerson()
    expect(app.session.value.phase).toBe('none')
    expect(app.records.list().value).toEqual([])
    await app.enrol('87654321', '')
    expect((app.session.value as Enrolled).device).not.toBe(first)
    await app.switchTo(first)
    expect(app.records.lines().value.map((line) => line.entry)).toEqual([entry])
    expect(app.devices.value).toHaveLength(2)
  })
})

describe('submitting', () => {
  it('a saved record is there at once, and received when the server says so', async () => {
    const app = await enrolled()
    const record = app.newId()
    const status = app.records.status(record)
    const saved = await app.submit({ ops: [app.opPut('hazard', record, { note: '渗水' })] })
    expect(app.records.get(record).value).toMatchObject({ fields: { note: '渗水' }, local: true })
    expect(status.value.state).toMatch(/saved_local|uploading/)
    const receipt = await app.receiptOf(saved)
    expect(receipt?.verdict).toBe('applied')
    await vi.waitFor(() => expect(status.value.state).toBe('received'))
    expect(app.counts.value).toMatchObject({ lines: 0, photos: 0 })
    await vi.waitFor(() => expect(app.connection.value.state).toBe('done'))
  })

  it('E07 a second edit names the first as what it saw', async () => {
    const app = await enrolled()
    const record = app.newId()
    const { entry } = await app.submit({ ops: [app.opPut('hazard', record, { note: '一' })] })
    expect(app.opPut('hazard', record, { note: '二' }).base).toEqual({ note: entry })
    expect(app.opDel('hazard', record).base).toEqual({ note: entry })
  })

  it('a full disk is a typed answer, and the draft stays', async () => {
    const app = await enrolled()
    const draft = await app.drafts.open('hazard', { fields: { note: '在' } })
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(draft.submit()).rejects.toBeInstanceOf(StorageFull)
    add.mockRestore()
    expect(app.drafts.list.value).toHaveLength(1)
    await draft.submit()
    expect(app.drafts.list.value).toHaveLength(0)
  })
})

it('P05 after a fork everything goes on under a new device, line by line with its old id', async () => {
  const app = await enrolled()
  const old = (app.session.value as Enrolled).device
  const common = await app.submit({ ops: [opOf(app, '都有的')] })
  await app.receiptOf(common, 3000)
  const draft = await app.drafts.open('hazard', { fields: { note: '没写完' } })
  server.fork = { n: 1, hash: common.hash, ticket: 'ticket-to-go-on' }
  const late = await app.drafts.open('hazard', { fields: { note: '后来的' } })
  const outcome = await late.shoot(camera, { slot: 'scene' })
  const { entry } = await late.submit()

  await vi.waitFor(() => expect((app.session.value as Enrolled).device).not.toBe(old))
  await vi.waitFor(() => expect(server.lines).toHaveLength(1))
  const line = JSON.parse(server.lines[0] ?? '') as { id: string; n: number; device: string }
  expect(line).toMatchObject({ id: entry, n: 1, device: (app.session.value as Enrolled).device })
  expect(app.drafts.list.value.map(({ id }) => id)).toEqual([draft.data.id])
  await vi.waitFor(() =>
    expect(server.blobs.has(outcome.ok ? outcome.photo.sha256 : '')).toBe(true),
  )
  expect(app.devices.value.map(({ device }) => device)).not.toContain(old)
  expect((await open()).session.value).toMatchObject({ device: line.device })
})

describe('P05 while a feed goes on under a new device', () => {
  const deviceOf = (app: App) => (app.session.value as Enrolled).device
  const sent = () => server.lines.map((line) => (JSON.parse(line) as { id: string }).id)

  async function received(): Promise<{ app: App; old: string; fork: FakeServer['fork'] }> {
    const app = await enrolled()
    const common = await app.submit({ ops: [opOf(app, '都有的')] })
    await app.receiptOf(common, 3000)
    const fork = { n: 1, hash: common.hash, ticket: 'ticket-to-go-on' }
    return { app, old: deviceOf(app), fork }
  }

  /** The enrolment answers when the returned function is called. */
  async function forkHeld({ app, fork }: Awaited<ReturnType<typeof received>>) {
    const fetchNow = globalThis.fetch
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let isAsked = false
    vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
      isAsked ||= path === '/api/enrol'
      if (path === '/api/enrol') await held
      return fetchNow(path, init)
    })
    server.fork = fork
    const first = await app.submit({ ops: [opOf(app, '分叉以后')] })
    await vi.waitFor(() => expect(isAsked).toBe(true))
    return { first, release }
  }

  it('what is captured before the server answers goes along', async () => {
    const begun = await received()
    const { app, old } = begun
    const { first, release } = await forkHeld(begun)
    const second = await app.submit({ ops: [opOf(app, '等答复时写的')] })
    const draft = await app.drafts.open('hazard', { fields: { note: '等答复时开的' } })
    release()
    await vi.waitFor(() => expect(deviceOf(app)).not.toBe(old))
    await vi.waitFor(() => expect(sent()).toEqual([first.entry, second.entry]))
    expect(app.drafts.list.value.map(({ id }) => id)).toEqual([draft.data.id])
  })

  it('a form that is open goes on, with its next words, photo and line', async () => {
    const begun = await received()
    const { app, old } = begun
    const { first, release } = await forkHeld(begun)
    const draft = await app.drafts.open('hazard', { fields: { note: '开着的' } })
    release()
    await vi.waitFor(() => expect(deviceOf(app)).not.toBe(old))
    draft.data.fields.note = '搬家以后写的'
    await draft.flush()
    await vi.waitFor(() =>
      expect(app.drafts.list.value).toMatchObject([{ fields: { note: '搬家以后写的' } }]),
    )
    const outcome = await draft.shoot(camera, { slot: 'scene' })
    const { entry } = await draft.submit()
    await vi.waitFor(() => expect(sent()).toEqual([first.entry, entry]))
    await vi.waitFor(() =>
      expect(server.blobs.has(outcome.ok ? outcome.photo.sha256 : '')).toBe(true),
    )
    expect(app.drafts.list.value).toEqual([])
  })

  it('killed before the new device is in use, everything captured later goes out too', async () => {
    const { app, old, fork } = await received()
    const put = IDBObjectStore.prototype.put
    let isKilled = false
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
      key?: IDBValidKey,
    ) {
      if (this.name !== 'settings') return put.call(this, value, key)
      isKilled = true
      throw new Error('killed')
    })
    server.fork = fork
    const first = await app.submit({ ops: [opOf(app, '分叉以后')] })
    await vi.waitFor(() => expect(isKilled).toBe(true))
    await running?.close()
    running = undefined
    vi.restoreAllMocks()

    server.fault = () => {
      throw new TypeError('no network')
    }
    const after = await open()
    const second = await after.submit({ ops: [opOf(after, '没信号时写的')] })
    server.fault = null
    // The server knows the old feed as it was.
    if (deviceOf(after) === old) server.fork = fork
    after.syncNow()
    await vi.waitFor(() => expect(sent()).toEqual([first.entry, second.entry]), 5000)
  })

  it('no engine starts for the device that moved on', async () => {
    const begun = await received()
    const { app, old } = begun
    const { release } = await forkHeld(begun)
    release()
    await vi.waitFor(() => expect(server.lines).toHaveLength(1))
    await vi.waitFor(() => expect(app.counts.value.lines).toBe(0))
    const devices = openDevices()
    await devices.change(old, { unsent: { lines: 1, photos: 0 } })
    devices.close()
    await open()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const greeted = server.calls.flatMap(({ path, body }) =>
      path === '/api/sync/hello' ? [(body as { device: string }).device] : [],
    )
    expect(greeted).not.toContain(old)
  })
})

it('what goes on being sent for others lets go of its outbox', async () => {
  const app = await enrolled()
  const first = (app.session.value as Enrolled).device
  server.fault = () => {
    throw new TypeError('no network')
  }
  await app.submit({ ops: [opOf(app, '甲')] })
  await app.addPerson()
  const closed: string[] = []
  const close = IDBDatabase.prototype.close
  vi.spyOn(IDBDatabase.prototype, 'close').mockImplementation(function (this: IDBDatabase) {
    closed.push(this.name)
    close.call(this)
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  closed.length = 0
  await running?.close()
  running = undefined
  await vi.waitFor(() => expect(closed).toContain(`hushui-outbox-${first}`))
})

describe('drafts', () => {
  it('a killed page finds the draft exactly where it was, with its photo', async () => {
    const app = await open()
    const draft = await app.drafts.open('hazard', { page: { step: 'size' } })
    draft.data.fields.note = '半句'
    draft.data.fields.length_m = 2.5
    expect(await draft.shoot(camera, { slot: 'scene' })).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(draft.state.value).toBe('saved'))

    const after = await open()
    const again = await after.drafts.resume<'hazard'>(draft.data.id)
    expect(again?.data.fields).toEqual({ note: '半句', length_m: 2.5 })
    expect(again?.data.page).toEqual({ step: 'size' })
    expect(again?.photos.value).toHaveLength(1)
    expect(again?.photos.value[0]?.place).toEqual({ source: 'none' })
  })

  it('becomes one line with its photos, and its bytes stay until they are received', async () => {
    const app = await enrolled()
    const draft = await app.drafts.open('hazard', { fields: { note: '渗水' } })
    const outcome = await draft.shoot(camera, { slot: 'scene' })
    const name = outcome.ok ? outcome.photo.sha256 : ''
    await draft.submit()
    expect(app.drafts.list.value).toEqual([])
    expect(await app.drafts.resume(draft.data.id)).toBeNull()
    const photos = app.records.photos(draft.data.record)
    expect(photos.value).toMatchObject([{ sha256: name, slot: 'scene' }])
    await vi.waitFor(() => expect(server.blobs.has(name)).toBe(true))
    await vi.waitFor(() => expect(photos.value[0]?.state).toBe('received'))
    expect(server.lines).toHaveLength(1)
  })

  it('a correction writes only what differs', async () => {
    const app = await enrolled()
    const first = await app.drafts.open('hazard', { fields: { note: '一', length_m: 2 } })
    await first.submit()
    const { record } = first.data
    const second = await app.drafts.open('hazard', { record })
    expect(second.data.fields).toEqual({ note: '一', length_m: 2 })
    second.data.fields.length_m = 3
    await second.submit()
    await vi.waitFor(() => expect(server.lines).toHaveLength(2))
    const line = JSON.parse(server.lines[1] ?? '') as { ops: { set: object }[] }
    expect(line.ops.map((op) => op.set)).toEqual([{ length_m: 3 }])
  })

  it('a full disk refuses the photo, and the words are saved', async () => {
    const app = await open()
    const draft = await app.drafts.open('hazard')
    draft.data.fields.note = '文字'
    const put = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
      key?: IDBValidKey,
    ) {
      if (this.name === 'bytes') throw new DOMException('full', 'QuotaExceededError')
      return put.call(this, value, key)
    })
    const outcome = await draft.shoot(camera, { slot: 'scene' })
    expect(outcome).toEqual({ ok: false, reason: 'storage_full' })
    await draft.flush()
    expect(app.drafts.list.value[0]?.fields).toEqual({ note: '文字' })
  })
})

describe('patrol', () => {
  it('a reload goes on with the running patrol, and its end is one line', async () => {
    const app = await enrolled()
    await app.patrol.start(null)
    const record = app.patrol.active.value?.record ?? ''
    const checkpoint = app.newId()
    await app.patrol.visit(checkpoint, 'normal')

    const after = await open()
    expect(after.patrol.active.value).toMatchObject({
      record,
      visits: [{ checkpoint, by: 'tap' }],
    })
    await after.patrol.end({ summary: '正常' })
    expect(after.patrol.active.value).toBeNull()
    const patrol = after.records.get<'patrol'>(record).value
    expect(patrol?.fields).toMatchObject({ summary: '正常', distance_m: 0 })
    expect(patrol?.adds.map(({ set }) => set['type'])).toEqual(['visit'])
    expect((await open()).patrol.active.value).toBeNull()
  })

  it('what was said of it before it is handed in outlives the page, and ends in the record', async () => {
    const app = await enrolled()
    await app.patrol.start(null)
    const record = app.patrol.active.value?.record ?? ''
    const checklist = [{ item: 'toe_boils', answer: 'abnormal', note: '冒清水' }] as const
    app.patrol.say({ way: 'boat', summary: '水' })
    app.patrol.say({ checklist, summary: '水退了', weather: 'rain' })
    app.patrol.say({ weather: null })
    await vi.waitFor(async () => {
      const after = await open()
      expect(after.patrol.active.value?.said).toMatchObject({ way: 'boat', summary: '水退了' })
    })
    const after = await open()
    await after.patrol.end({ covered: 80 })
    const fields = after.records.get<'patrol'>(record).value?.fields
    expect(fields).toMatchObject({ way: 'boat', summary: '水退了', checklist, covered: 80 })
    expect(fields).not.toHaveProperty('weather')
  })
})
