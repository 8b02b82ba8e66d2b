// @vitest-environment happy-dom
import { capture, START } from '@hushui/sync'
import type { Draft } from '@hushui/sync'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer } from '../../tests/fakeServer.ts'
import type { FakeServer } from '../../tests/fakeServer.ts'
import type { App, Enrolled } from '../app.ts'
import { openDevices } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import { newId } from '../ports.ts'
import { createApp } from './create.ts'
import type { Running } from './create.ts'

// Each device has a feed at the server; whose it is stands in the code: 10000000 is person 1.
const servers = new Map<string, FakeServer>()
let running: Running | undefined
let isCut = false
let resets: (code: string) => Response = () => new Response(null, { status: 204 })
const epoch = newId()

function deviceOf(init: RequestInit): string {
  return (new Headers(init.headers).get('authorization') ?? '').replace('Bearer ', '')
}

beforeEach(() => {
  indexedDB = new IDBFactory()
  localStorage.clear()
  servers.clear()
  isCut = false
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (isCut) throw new TypeError('no network')
    const body = path === '/api/enrol' || path === '/api/pin-reset' ? String(init.body) : '{}'
    const asked = JSON.parse(body) as { device: string; code: string }
    if (path === '/api/pin-reset') return resets(asked.code)
    if (path !== '/api/enrol') {
      return servers.get(deviceOf(init))?.fetch(path, init) ?? new Response(null, { status: 401 })
    }
    const { device, code } = asked
    const person = `person-${code[0] ?? ''}`
    const owner = owners.get(device)
    if (owner !== undefined && owner !== person) {
      return Response.json({ code: 'device_taken', detail: '' }, { status: 409 })
    }
    owners.set(device, person)
    const server = servers.get(device) ?? fakeServer(device, epoch)
    servers.set(device, server)
    const answer = (await (await server.fetch(path, init)).json()) as object
    return Response.json({ ...answer, device, person, token: device })
  })
})
const owners = new Map<string, string>()

afterEach(async () => {
  isCut = false
  await running?.close()
  running = undefined
  owners.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function open(): Promise<App> {
  await running?.close()
  running = await createApp()
  return running.app
}

async function join(app: App, code: string): Promise<string> {
  const outcome = await app.enrol(code, '手机')
  expect(outcome).toMatchObject({ ok: true })
  return (app.session.value as Enrolled).device
}

const note = (app: App, text: string) =>
  app.submit({ ops: [app.opPut('hazard', app.newId(), { note: text })] })

const sent = (device: string) => servers.get(device)?.lines.length

describe('several people on one phone', () => {
  it('what one left unsent is sent while another is in front, and never twice', async () => {
    const app = await open()
    const first = await join(app, '10000000')
    isCut = true
    await note(app, '甲一')
    await note(app, '甲二')
    await app.addPerson()
    isCut = false
    const second = await join(app, '20000000')
    await note(app, '乙一')
    await vi.waitFor(() => expect([sent(first), sent(second)]).toEqual([2, 1]), 5000)
    await vi.waitFor(() => expect(app.devices.value.map((it) => it.unsent.lines)).toEqual([0, 0]))
    expect((app.session.value as Enrolled).device).toBe(second)
  })

  it('counts of others are those on the disk, however fast somebody switches', async () => {
    const app = await open()
    await join(app, '10000000')
    isCut = true
    const saved = note(app, '甲')
    await saved
    await app.addPerson()
    const rows = await openDevices().list()
    expect(rows.find((row) => row.person === 'person-1')?.unsent.lines).toBe(1)
    expect(app.devices.value.find((it) => !it.current)?.unsent.lines).toBe(1)
  })

  it('a code scanned under somebody else makes a device of its own', async () => {
    const app = await open()
    const first = await join(app, '10000000')
    const second = await join(app, '20000000')
    expect(second).not.toBe(first)
    expect(app.devices.value.map((it) => it.current)).toEqual([false, true])
  })

  it('who is here already comes back to his own feed', async () => {
    const app = await open()
    const first = await join(app, '10000000')
    await join(app, '20000000')
    await app.addPerson()
    expect(await join(app, '10000001')).toBe(first)
    expect(app.devices.value).toHaveLength(2)
    await app.addPerson()
    expect(app.session.value.phase, 'the empty device is nobody’s').toBe('none')
    await join(app, '30000000')
    expect(app.devices.value).toHaveLength(3)
  })
})

describe('the PIN', () => {
  const locked = (app: App) => app.locked.value

  async function withPin(app: App, digits = '4711') {
    const desk = await app.pinDesk()
    await desk.set(digits)
    return desk
  }

  it('is asked for after switching there, after a reload too, and stored only as a hash', async () => {
    const app = await open()
    const first = await join(app, '10000000')
    await withPin(app)
    expect(locked(app)).toBe(false)
    await join(app, '20000000')
    await app.switchTo(first)
    expect(locked(app)).toBe(true)
    const again = await open()
    expect(locked(again)).toBe(true)
    const row = (await openDevices().list()).find((it) => it.device === first)
    expect(JSON.stringify(row)).not.toContain('4711')
    expect(await (await again.pinDesk()).check('4711')).toBe(0)
    expect(locked(again)).toBe(false)
  })

  it('a wrong one makes wait, longer each time and over a reload', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const app = await open()
    await join(app, '10000000')
    const desk = await withPin(app)
    app.lockNow()
    expect(await desk.check('0000')).toBe(1000)
    vi.setSystemTime(Date.now() + 999)
    expect(await desk.check('4711'), 'too early, even if it is right').toBe(1)
    const again = await open()
    const other = await again.pinDesk()
    expect(await other.check('4711')).toBe(1)
    vi.setSystemTime(Date.now() + 1)
    expect(await other.check('9999')).toBe(2000)
    expect(locked(again)).toBe(true)
  })

  it('counts a try before it is looked at', async () => {
    const app = await open()
    const device = await join(app, '10000000')
    const desk = await withPin(app)
    app.lockNow()
    const real = crypto.subtle.deriveBits.bind(crypto.subtle)
    const looking = vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation(async (...how) => {
      const row = (await openDevices().list()).find((it) => it.device === device)
      expect(row?.pin?.wrong).toBe(1)
      return real(...how)
    })
    expect(await desk.check('4711')).toBe(0)
    expect(looking).toHaveBeenCalledOnce()
    looking.mockRestore()
  })

  it('lines are sent while it is asked for', async () => {
    const app = await open()
    const device = await join(app, '10000000')
    await withPin(app)
    isCut = true
    await note(app, '锁前写的')
    app.lockNow()
    isCut = false
    const again = await open()
    expect(locked(again)).toBe(true)
    await vi.waitFor(() => expect(sent(device)).toBe(1), 5000)
    expect(locked(again)).toBe(true)
  })

  it('a code of the office takes it away and leaves every line', async () => {
    const app = await open()
    const device = await join(app, '10000000')
    const desk = await withPin(app)
    isCut = true
    await note(app, '没传的')
    app.lockNow()
    expect(await desk.reset('12345678')).toMatchObject({ ok: false, code: 'offline' })
    isCut = false
    resets = () => Response.json({ code: 'code_of_another', detail: 'x' }, { status: 403 })
    expect(await desk.reset('12345678')).toMatchObject({ ok: false, code: 'code_of_another' })
    expect(locked(app)).toBe(true)
    resets = () => new Response(null, { status: 204 })
    expect(await desk.reset('12345678')).toEqual({ ok: true })
    expect(locked(app)).toBe(false)
    expect(desk.pin.value).toBeNull()
    expect(await openOutbox(device).lines(1)).toHaveLength(1)
  })
})

describe('an installation of the version before', () => {
  it('opens with everything in it', async () => {
    const device = await before()
    servers.set(device, fakeServer(device, epoch))
    isCut = true
    const app = await open()
    expect(app.session.value).toMatchObject({
      phase: 'enrolled',
      device,
      person: 'p',
      name: '张河',
    })
    expect(app.locked.value).toBe(false)
    expect(app.drafts.list.value.map((it) => it.id)).toEqual(['d'])
    expect(app.devices.value).toMatchObject([{ name: '张河', pin: false, current: true }])
    expect(await (await app.pinDesk()).check('1234'), 'there is none').toBe(0)
    const waiting = await (await app.upkeep()).waiting()
    expect(waiting).toMatchObject([{ name: '张河', heardAt: null, lines: 1, photos: 0 }])
    expect(waiting[0]?.bytes).toBeGreaterThan(100)
    isCut = false
    app.syncNow()
    await vi.waitFor(() => expect(sent(device)).toBe(1), 5000)
  })
})

/** Written field by field as version 0.1.0 writes it. */
async function before(): Promise<string> {
  const device = newId()
  const stores = (db: IDBDatabase) => {
    db.createObjectStore('lines', { keyPath: 'n' }).createIndex('id', 'id', { unique: true })
    db.createObjectStore('meta')
    db.createObjectStore('blobs', { keyPath: 'sha256' })
    db.createObjectStore('bytes')
    db.createObjectStore('drafts', { keyPath: 'id' })
    db.createObjectStore('photos', { keyPath: 'id' }).createIndex('draft', 'draft')
  }
  const outbox = await raw(`hushui-outbox-${device}`, stores)
  const writing = outbox.transaction(['meta', 'drafts', 'lines'], 'readwrite')
  const contact = `${epoch}:0`
  const at = { wall: 1, mono: 1, boot: newId(), offset: 0, contact }
  const op = { kind: 'hazard', record: newId(), act: 'put', set: { note: '旧版写的' }, base: {} }
  const line = capture(START, device, at, { id: newId(), ops: [op], blobs: [] } as Draft)
  const { n, hash, id, bytes } = line
  writing.objectStore('lines').put({ n, hash, id, bytes })
  writing.objectStore('meta').put({ n, hash, contact, offset: 0 }, 'head')
  const identity = { device, person: 'p', org: 'o', epoch, contact }
  writing.objectStore('meta').put(identity, 'identity')
  writing.objectStore('meta').put(device, 'token')
  writing.objectStore('drafts').put({
    ...{ id: 'd', kind: 'hazard', record: newId(), isNew: true, replaces: null },
    ...{ openedAt: 1, savedAt: 1, fields: { note: '写了一半' }, page: {} },
  })
  await new Promise((done) => (writing.oncomplete = done))
  outbox.close()
  const list = await raw('hushui-devices', (db) => {
    db.createObjectStore('devices', { keyPath: 'device' })
    db.createObjectStore('settings')
  })
  const listing = list.transaction(['devices', 'settings'], 'readwrite')
  listing.objectStore('devices').put({
    ...{ device, person: 'p', name: '张河', orgId: 'o', orgName: '南河站', demo: true },
    ...{ office: false, account: '', signedOut: false, unsent: { lines: 0, photos: 0 } },
    ...{ unknown: false, movedTo: null },
  })
  listing.objectStore('settings').put(device, 'current')
  await new Promise((done) => (listing.oncomplete = done))
  list.close()
  return device
}

function raw(name: string, upgrade: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => upgrade(request.result)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error(name))
  })
}
