// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import type { JsonObject, Op, Receipt, Row } from '@hushui/sync'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer } from '../../tests/fakeServer.ts'
import type { FakeServer } from '../../tests/fakeServer.ts'
import type { App, Enrolled } from '../app.ts'
import { newId } from '../ports.ts'
import { createApp } from './create.ts'
import type { Running } from './create.ts'

const SHA = 'a'.repeat(64)

let server: FakeServer
let running: Running
let app: App
/** What the office answers when it is asked for a picture. */
let picture: () => Response

beforeEach(async () => {
  indexedDB = new IDBFactory()
  server = fakeServer('', newId())
  picture = () => new Response(null, { status: 404 })
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (path === '/api/enrol') {
      const { device } = JSON.parse(String(init.body)) as { device: string }
      server = fakeServer(device, server.epoch)
    }
    if (path === `/api/blobs/${SHA}`) return picture()
    const answer = await server.fetch(path, init)
    return path === '/api/sync/pull' && answer.ok ? onwards(answer) : answer
  })
  running = await createApp()
  app = running.app
  expect(await app.enrol('1234 5678', '')).toMatchObject({ ok: true })
})

afterEach(async () => {
  await running.close()
  vi.unstubAllGlobals()
})

/** Only what has come or moved up since the cursor. */
async function onwards(answer: Response): Promise<Response> {
  const whole = (await answer.json()) as { pages: { from: number; to: number; rows: Row[] }[] }
  const { body } = server.calls.filter(({ path }) => path === '/api/sync/pull').at(-1) ?? {}
  const [cursor] = (body as { cursors: { epoch: string; position: number }[] }).cursors
  const from = cursor?.epoch === server.epoch ? cursor.position : 0
  const pages = whole.pages.map((page) => ({ ...page, from, rows: page.rows.slice(from) }))
  return Response.json({ ...whole, pages: pages.filter((page) => page.to > from) })
}

const session = () => app.session.value as Enrolled
const revOf = (number: number) => `${server.epoch}:${number}`

/** A row as the server sends it; given again it moves up as it was. */
function row(record: string, body: JsonObject): void {
  server.rows.push({ record, rev: revOf(1), body })
  app.syncNow()
}

function put(record: string, kind: string, fields: JsonObject): void {
  const by = { author: 'colleague', device: 'another', captured: 1 }
  const none = { stamps: {}, adds: [], flags: [], conflicts: [], review: null }
  row(record, { kind, fields, deleted: false, version: 1, ...by, ...none })
}

let lines = 0

function receipt(values: Partial<Receipt>): JsonObject {
  const rest = { op: 0, field: null, at: 1, rev: null, waits: null }
  const verdict = { verdict: 'refused', code: 'no_right' } as const
  const number = 900 + ++lines
  const all = { epoch: server.epoch, number, ...verdict, ...rest, ...values }
  return all as unknown as JsonObject
}

/** What the person wrote on another phone and the server did not take (R04). */
function refused(...ops: Pick<Op, 'record' | 'kind' | 'set'>[]): void {
  const n = lines + 1
  const entry = newId()
  const at = { wall: 1, mono: 0, boot: '', offset: 0, contact: '' }
  const whole = ops.map((op) => ({ act: 'put', base: {}, ...op }))
  const line = { v: 1, device: 'second', n, prev: '', id: entry, at, ops: whole, blobs: [] }
  const body = { receipt: receipt({ device: 'second', n, entry }), line: JSON.stringify(line) }
  row(`u:second:${n}`, body)
}

describe("another phone's photos", () => {
  const status = () => app.records.status('hazard').value
  const tile = () => app.records.photos('hazard').value[0]?.state

  beforeEach(async () => {
    put('hazard', 'hazard', { note: '渗水' })
    put('photo', 'photo', { subject: 'hazard', sha256: SHA, slot: 'scene', taken: 1 })
    await vi.waitFor(() => expect(tile()).toBeDefined())
  })

  it('a row says nothing of the bytes: only the text is received', () => {
    expect(status()).toEqual({ state: 'received_partial', missing: null, filmed: false })
    expect(tile()).toBe('missing')
  })

  it('are lacking when the office has none, and asked for again when their row moves', async () => {
    expect(await app.photos.url(SHA)).toBeNull()
    expect(status()).toEqual({ state: 'received_partial', missing: 1, filmed: false })
    expect(tile()).toBe('missing')
    const photo = server.rows.at(-1)
    if (photo) server.rows.push(photo)
    app.syncNow()
    await vi.waitFor(() => expect(app.photos.isThere(SHA)).toBeUndefined())
  })

  it('are received when the office has shown them', async () => {
    picture = () => new Response('picture')
    expect(await app.photos.url(SHA)).not.toBeNull()
    expect(status()).toMatchObject({ state: 'received' })
    expect(tile()).toBe('received')
  })

  it('no answer is no word about them', async () => {
    picture = () => new Response(null, { status: 503 })
    expect(await app.photos.url(SHA)).toBeNull()
    expect(status()).toEqual({ state: 'received_partial', missing: null, filmed: false })
  })
})

describe('rights', () => {
  const grant = (zone: string): JsonObject => ({ person: session().person, zone, role: 'lead' })
  const inForce = () =>
    app.records.list('grant').value.flatMap((it) => {
      const { fields } = app.records.inForce(it) ?? {}
      return fields && fields.ended !== true ? [fields.zone] : []
    })

  beforeEach(async () => {
    put('given', 'grant', grant('z03'))
    put(session().person, 'member', { name: '张河', roles: ['member'] })
    await vi.waitFor(() => expect(session().rights.leads).toEqual(['z03']))
    await vi.waitFor(() => expect(session().rights.roles).toEqual(['member']))
  })

  it('do not come from what was refused', async () => {
    refused({ record: 'taken', kind: 'grant', set: grant('z02') })
    refused({ record: session().person, kind: 'member', set: { roles: ['team_leader'] } })
    await vi.waitFor(() => expect(app.records.get('taken').value).not.toBeNull())
    await vi.waitFor(() =>
      expect(app.records.status(session().person).value.state).toBe('unaccepted'),
    )
    expect(session().rights).toMatchObject({ leads: ['z03'], roles: ['member'] })
    expect(inForce()).toEqual(['z03'])
  })

  it('do not go by what was refused', async () => {
    refused({ record: 'given', kind: 'grant', set: { ended: true } })
    await vi.waitFor(() => expect(app.records.status('given').value.state).toBe('unaccepted'))
    expect(session().rights.leads).toEqual(['z03'])
    expect(inForce()).toEqual(['z03'])
  })

  it('count while on their way, and no more when the server holds the line', async () => {
    server.fault = (path) =>
      path.startsWith('/api/sync/push') ? new Response(null, { status: 503 }) : undefined
    const own = app.newId()
    const given = grant('z04') as { person: string; zone: string; role: 'lead' }
    const { n, entry } = await app.submit({ ops: [app.opPut('grant', own, given)] })
    await vi.waitFor(() => expect(session().rights.leads).toContain('z04'))
    const { device } = session()
    const held = receipt({ device, n, entry, verdict: 'held', code: 'right_lost' })
    row(`r:${device}:${n}`, held)
    await vi.waitFor(() => expect(app.records.status(own).value.state).toBe('unaccepted'))
    expect(session().rights.leads).toEqual(['z03'])
    expect(inForce()).toEqual(['z03'])
  })
})
