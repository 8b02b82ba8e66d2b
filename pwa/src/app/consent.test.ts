// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { computed, ref } from 'vue'
import { fakeServer } from '../../tests/fakeServer.ts'
import type { App, HsRecord, Purpose, Session } from '../app.ts'
import { record } from '../../tests/fakeApp.ts'
import { newId } from '../ports.ts'
import { createConsent } from './consent.ts'
import { createApp } from './create.ts'
import type { Running } from './create.ts'
import type { Views } from './views.ts'

let running: Running | undefined
const watching = new Set<number>()
let asked = 0

beforeEach(() => {
  indexedDB = new IDBFactory()
  asked = 0
  watching.clear()
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    // There is signal for joining only.
    if (path !== '/api/enrol') throw new TypeError('no signal')
    // Each device enrols as a person of its own.
    const { device } = JSON.parse(String(init.body)) as { device: string }
    const answer = (await (await fakeServer(device, newId()).fetch(path, init)).json()) as object
    return Response.json({ ...answer, person: device })
  })
  Object.defineProperty(navigator, 'geolocation', {
    configurable: true,
    value: {
      watchPosition: () => {
        watching.add(++asked)
        return asked
      },
      getCurrentPosition: () => asked++,
      clearWatch: (id: number) => watching.delete(id),
    },
  })
})

afterEach(async () => {
  await running?.close()
  running = undefined
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

const say = (app: App, purpose: Purpose, given: boolean, at: number, version = app.notice) =>
  app.submit({ ops: [app.opPut('consent', newId(), { purpose, given, at, version })] })
const said = (app: App, purpose: Purpose) => app.consent(purpose)?.fields.given

it('who was never asked has not agreed, and the patrol runs all the same', async () => {
  const app = await enrolled()
  expect(app.consent('track')).toBeNull()
  await app.patrol.start(null)
  expect(app.patrol.active.value?.recording).toBe('refused')
  expect(asked).toBe(0)
})

it('the patrol is recorded from the answer on, over a reload, and no longer than it holds', async () => {
  const app = await enrolled()
  await app.patrol.start(null)
  await say(app, 'track', true, 1)
  expect(watching.size).toBe(1)
  const after = await open()
  expect(said(after, 'track')).toBe(true)
  expect(watching.size).toBe(1)
  await say(after, 'track', false, 2)
  expect(watching.size).toBe(0)
  expect(after.patrol.active.value?.recording).toBe('refused')
})

it('each purpose has its own answer, and of two the later one counts', async () => {
  const app = await enrolled()
  await say(app, 'place', true, 1)
  await say(app, 'place', false, 2)
  expect([said(app, 'place'), said(app, 'track')]).toEqual([false, undefined])
  app.watchPosition()
  expect(asked).toBe(0)
})

it('other words of the notice are asked about anew', async () => {
  const app = await enrolled()
  await say(app, 'place', true, 1, '2020-01')
  expect(app.consent('place')).toBeNull()
})

it('only what the person himself says counts, and what was made void does not', () => {
  const answer = (id: string, at: number, rest: Partial<HsRecord> = {}) => {
    const fields = { purpose: 'place', given: true, at, version: '2026-11' }
    return record({ id, kind: 'consent', fields: fields as HsRecord['fields'], ...rest })
  }
  const all = [
    answer('older', 1),
    answer('own', 2),
    answer('first', 0),
    answer('void', 3, { deleted: true }),
    answer('other', 4, { author: 'other' }),
  ]
  const views = { records: { list: () => computed(() => all) } } as unknown as Views
  const session = ref({ phase: 'enrolled', person: 'me' } as unknown as Session)
  const consent = createConsent(views, session)
  expect(consent('place')?.id).toBe('own')
  session.value = { phase: 'none' }
  expect(consent('place')).toBeNull()
})

it('what is stopped by hand stays stopped until it is turned on again', async () => {
  const app = await enrolled()
  await say(app, 'place', true, 1)
  await say(app, 'track', true, 1)
  const leave = app.watchPosition()
  app.placeStopped.value = true
  expect(watching.size).toBe(0)
  await app.patrol.start(null)
  expect(watching.size).toBe(1)
  expect(app.position.value.state).toBe('refused')
  leave()
  expect(app.position.value.state).toBe('searching')
})

it('another person on the phone is asked himself', async () => {
  const app = await enrolled()
  await say(app, 'place', true, 1)
  app.watchPosition()
  expect(watching.size).toBe(1)
  await app.addPerson()
  expect(watching.size).toBe(0)
  await app.enrol('2345 6789', '李岸')
  expect(app.consent('place')).toBeNull()
  expect(watching.size).toBe(0)
})
