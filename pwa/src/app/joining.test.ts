// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Enrolled } from '../app.ts'
import { newRow, openDevices, type Devices } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import { newId } from '../ports.ts'
import { wordsOf } from './api.ts'
import { createEnding, type Ending } from './ending.ts'
import { plainFetch, signInDevice } from './enrol.ts'
import { createJoining } from './joining.ts'
import type { Kit } from './kit.ts'

let devices: Devices
let ending: Ending

beforeEach(() => {
  indexedDB = new IDBFactory()
  devices = openDevices()
  ending = createEnding(devices)
})
afterEach(() => {
  ending.close()
  devices.close()
  vi.useRealTimers()
})

function signIn() {
  const current = { blank: async () => newId(), use: async () => undefined }
  const parts = { current, devices, ending, openOutbox, newId, newRow, wordsOf }
  const kit = { ...parts, signInDevice, plainFetch } as unknown as Kit
  const joining = createJoining(kit, { session: () => ({}) as Enrolled, joined: () => undefined })
  return joining.signIn('nanbeihe', 'admin', 'correct horse')
}

const answer = ({ body }: RequestInit) => {
  const { device } = JSON.parse(String(body)) as { device: string }
  const is = { token: null, person: 'p', org: 'o', epoch: 'e', contact: 'e:0' }
  return Response.json({ device, ...is })
}
const isLeft = async () => (await devices.list()).some((row) => row.ending)

it('who was here before is forgotten once the sign-in has answered, and not before', async () => {
  await devices.put({ ...newRow(newId()), office: true, signedOut: true, ending: true })
  const before: boolean[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    before.push(await isLeft())
    return answer(init)
  })
  expect(await signIn()).toMatchObject({ ok: true })
  expect([before, await isLeft()]).toEqual([[true], false])
})

it.each(['no answer', 'half an answer'])('%s ends a sign-in after half a minute', async (what) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const posted = new Promise<void>((asked) => {
    vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => {
      const cut = new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('cut', 'AbortError')))
      })
      asked()
      return what === 'no answer' ? cut : { ok: true, status: 200, json: () => cut }
    })
  })
  const outcome = signIn()
  await posted
  let isDone = false
  void outcome.then(() => (isDone = true))
  await vi.advanceTimersByTimeAsync(29_999)
  expect(isDone).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(await outcome).toMatchObject({ ok: false, code: 'offline' })
})
