// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeLocks } from '../../tests/fakeLocks.ts'
import { newRow, type DeviceRow } from '../db/devices.ts'
import { createEnding } from './ending.ts'

let row: DeviceRow
let others: DeviceRow[]
let answers: (() => Promise<Response>)[]
const asked = vi.fn(() => (answers.shift() ?? (() => Promise.reject(new TypeError('no way'))))())
const devices = {
  list: () => Promise.resolve([row, ...others]),
  change: (device: string, values: Partial<DeviceRow>) => {
    const told = (it: DeviceRow) => (it.device === device ? { ...it, ...values } : it)
    row = told(row)
    others = others.map(told)
    return Promise.resolve()
  },
}
const heard = () => Promise.resolve(new Response(null, { status: 204 }))
const portal = () => Promise.resolve(new Response('<html>', { status: 200 }))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', asked)
  asked.mockClear()
  localStorage.clear()
  row = { ...newRow('desk'), office: true, signedOut: true, ending: true }
  others = []
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('the server is told again and again until it has heard, and then no more', async () => {
  answers = [() => Promise.reject(new TypeError('cut')), portal, heard]
  const ending = createEnding(devices)
  ending.begin()
  await vi.advanceTimersByTimeAsync(0)
  expect([asked.mock.calls.length, row.ending]).toEqual([1, true])
  await vi.advanceTimersByTimeAsync(5_000)
  expect([asked.mock.calls.length, row.ending]).toEqual([2, true])
  await vi.advanceTimersByTimeAsync(10_000)
  expect([asked.mock.calls.length, row.ending]).toEqual([3, false])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(asked).toHaveBeenCalledTimes(3)
  ending.close()
})

it('a session that is over already is over', async () => {
  answers = [() => Promise.resolve(new Response('{}', { status: 401 }))]
  const ending = createEnding(devices)
  ending.begin()
  await vi.advanceTimersByTimeAsync(0)
  expect(row.ending).toBe(false)
  ending.close()
})

it('a sign-in waits for what is under way, and nothing takes its cookie away', async () => {
  let answer: (it: Response) => void = () => undefined
  answers = [() => new Promise((resolve) => (answer = resolve)), heard]
  const ending = createEnding(devices)
  ending.begin()
  await vi.advanceTimersByTimeAsync(0)
  const signIn = vi.fn(async () => {
    await devices.change('desk', { ending: false })
    return 'in'
  })
  const done = ending.quiet(signIn)
  await vi.advanceTimersByTimeAsync(0)
  expect(signIn).not.toHaveBeenCalled()
  answer(new Response(null, { status: 502 }))
  await vi.advanceTimersByTimeAsync(600_000)
  expect(await done).toBe('in')
  expect(asked).toHaveBeenCalledTimes(1)
  ending.close()
})

it('a sign-in that failed leaves the ending to be told', async () => {
  answers = [heard]
  const ending = createEnding(devices)
  await expect(ending.quiet(() => Promise.reject(new Error('wrong password')))).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(0)
  expect([asked.mock.calls.length, row.ending]).toEqual([1, false])
  ending.close()
})

it('nobody who is in is signed out', async () => {
  row = { ...row, ending: false }
  const ending = createEnding(devices)
  ending.begin()
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(600_000)
  expect(asked).not.toHaveBeenCalled()
  ending.close()
})

it('a sign-in in another tab waits for the end that is being told, and takes nothing of it over', async () => {
  vi.stubGlobal('navigator', { locks: fakeLocks() })
  let answer: (it: Response) => void = () => undefined
  answers = [() => new Promise((resolve) => (answer = resolve))]
  const [here, there] = [createEnding(devices), createEnding(devices)]
  here.begin()
  await vi.advanceTimersByTimeAsync(0)
  const signIn = vi.fn(() => there.took('other'))
  const done = there.quiet(signIn)
  await vi.advanceTimersByTimeAsync(0)
  expect([asked.mock.calls.length, signIn.mock.calls.length]).toEqual([1, 0])
  answer(new Response(null, { status: 204 }))
  await done
  await vi.advanceTimersByTimeAsync(600_000)
  expect([asked.mock.calls.length, row.ending]).toEqual([1, false])
  here.close()
  there.close()
})

it('an end that waited for a sign-in in another tab is not told: it would be the new one’s', async () => {
  vi.stubGlobal('navigator', { locks: fakeLocks() })
  answers = [heard]
  const [here, there] = [createEnding(devices), createEnding(devices)]
  let signedIn: () => void = () => undefined
  const done = there.quiet(async () => {
    await new Promise<void>((resolve) => (signedIn = resolve))
    await there.took('other')
  })
  await vi.advanceTimersByTimeAsync(0)
  here.begin()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).not.toHaveBeenCalled()
  signedIn()
  await done
  await vi.advanceTimersByTimeAsync(600_000)
  expect([asked.mock.calls.length, row.ending]).toEqual([0, false])
  here.close()
  there.close()
})

describe('whose the cookie is', () => {
  const isIn = (device: string): DeviceRow => ({ ...newRow(device), office: true })

  /** Somebody leaves while the cookie is `holder`'s: how often the server hears of it. */
  async function heardOf(holder: string): Promise<number> {
    answers = [heard]
    const ending = createEnding(devices)
    await ending.took(holder)
    row = { ...row, ending: true }
    ending.begin()
    await vi.advanceTimersByTimeAsync(0)
    ending.close()
    expect(row.ending).toBe(false)
    return asked.mock.calls.length
  }

  it('whoever leaves a tab where it is somebody else’s by now leaves it to him', async () => {
    others = [isIn('other')]
    expect(await heardOf('other')).toBe(0)
  })

  it('also where that one’s feed goes on under another device', async () => {
    others = [{ ...isIn('other'), movedTo: 'next' }, isIn('next')]
    expect(await heardOf('other')).toBe(0)
  })

  it('whoever leaves his own ends it', async () => {
    others = [isIn('other')]
    expect(await heardOf('desk')).toBe(1)
  })

  it('also where his feed goes on under another device', async () => {
    others = [
      { ...isIn('before'), movedTo: 'between' },
      { ...isIn('between'), movedTo: 'desk' },
    ]
    expect(await heardOf('before')).toBe(1)
  })

  it('nobody who is out holds it, and nobody who is not here', async () => {
    others = [{ ...isIn('other'), signedOut: true }]
    expect(await heardOf('other')).toBe(1)
    asked.mockClear()
    expect(await heardOf('gone')).toBe(1)
  })

  it('where it cannot be written down, it is nobody’s that is known', async () => {
    others = [isIn('other')]
    const kept = new Map([['hushui-cookie', 'other']])
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      removeItem: (key: string) => kept.delete(key),
      setItem: () => {
        throw new DOMException('no room', 'QuotaExceededError')
      },
    })
    expect(await heardOf('desk')).toBe(1)
  })
})
