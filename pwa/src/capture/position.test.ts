// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Keeping } from './patrol.ts'
import { patrolling } from './patrol.ts'
import type { HeardFor, Purpose } from './position.ts'
import { bestOf, openPlaces } from './position.ts'

const running = new Map<number, PositionCallback>()
const once: PositionCallback[] = []
let asked = 0
let refuse = () => {}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) })
  running.clear()
  once.length = asked = 0
  vi.stubGlobal('navigator', {
    geolocation: {
      watchPosition: (heard: PositionCallback, failed: PositionErrorCallback) => {
        running.set(++asked, heard)
        refuse = () => failed({ code: 1, PERMISSION_DENIED: 1 } as GeolocationPositionError)
        return asked
      },
      getCurrentPosition: (heard: PositionCallback) => {
        asked++
        once.push(heard)
      },
      clearWatch: (id: number) => running.delete(id),
    },
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const coords = { longitude: 124.3, latitude: 43.1, accuracy: 6, heading: null, speed: null }
const fix = () => ({ coords, timestamp: Date.now() }) as unknown as GeolocationPosition
const hear = () => running.forEach((heard) => heard(fix()))

function phone(given: Partial<Record<Purpose, boolean>>) {
  const agreed = { track: false, place: false, ...given }
  const told: HeardFor[] = []
  const places = openPlaces(
    (purpose) => agreed[purpose],
    (heard) => told.push(heard),
  )
  return { agreed, places, now: () => told.at(-1) }
}

test('the system is not asked for what was not agreed to', () => {
  const { places, now } = phone({})
  const ends = [places.watch(), places.watch('place')]
  vi.advanceTimersByTime(120_000)
  expect(asked).toBe(0)
  expect(now()).toEqual({
    track: { place: null, state: 'refused' },
    place: { place: null, state: 'refused' },
  })
  ends.forEach((end) => end())
  expect(now()?.track.state).toBe('off')
})

test('a track that was refused is told nothing of the place of a report, nor the other way', () => {
  for (const [yes, no] of [
    ['place', 'track'],
    ['track', 'place'],
  ] as const) {
    const { places, now } = phone({ [yes]: true })
    const ends = [places.watch(), places.watch('place')]
    hear()
    expect(now()?.[yes].place?.lon).toBe(124.3)
    expect(now()?.[no]).toEqual({ place: null, state: 'refused' })
    ends.forEach((end) => end())
  }
})

test('who takes his word back is not recorded a moment longer, and what comes late is dropped', () => {
  const { agreed, places, now } = phone({ track: true })
  places.watch()
  vi.advanceTimersByTime(20_000)
  expect(once.length).toBeGreaterThan(0)
  agreed.track = false
  places.look()
  expect(running.size).toBe(0)
  once.forEach((heard) => heard(fix()))
  expect(places.last()).toBeNull()
  expect(now()?.track.state).toBe('refused')
  agreed.track = true
  places.look()
  expect(running.size).toBe(1)
  expect(places.last()).toBeNull()
  places.close()
  expect(running.size).toBe(0)
})

test('the last who lets go turns it off, and each lets go once', () => {
  const { places } = phone({ track: true, place: true })
  const patrol = places.watch()
  const page = places.watch('place')
  page()
  page()
  expect(running.size).toBe(1)
  const next = places.watch('place')
  patrol()
  expect(running.size).toBe(1)
  next()
  expect(running.size).toBe(0)
})

const heard = (seconds: number, acc: number, metres = 0) => ({
  ...{ lon: 124.3, lat: 43.1 + metres / 111_195, acc, heading: null },
  at: seconds * 1000,
})

test('of the last seconds the surest counts, a fix of a while ago less and none older', () => {
  const best = (...some: ReturnType<typeof heard>[]) => bestOf(some)?.acc
  expect(best(heard(0, 8), heard(2, 60))).toBe(8)
  expect(best(heard(0, 8), heard(2, 10))).toBe(10)
  expect(best(heard(0, 8), heard(6, 60))).toBe(60)
  expect(bestOf([])).toBeNull()
})

test('no place counts that the newest speaks against', () => {
  expect(bestOf([heard(0, 5), heard(1, 20, 3000)])?.acc).toBe(20)
})

test('a record takes the surest of the last seconds, a track each fix', () => {
  const { places, now } = phone({ track: true, place: true })
  places.watch()
  places.watch('place')
  hear()
  const vague = { ...fix(), coords: { ...coords, accuracy: 80 } } as GeolocationPosition
  running.forEach((tell) => tell(vague))
  expect(now()?.track.place?.acc).toBe(80)
  expect(now()?.place.place?.acc).toBe(6)
  expect(places.best()?.acc).toBe(6)
  places.again()
  running.forEach((tell) => tell(vague))
  expect(now()?.place.place?.acc).toBe(80)
})

test('without a place for twenty seconds it says so, and goes on looking', () => {
  const { places, now } = phone({ place: true })
  places.watch('place')
  vi.advanceTimersByTime(15_000)
  expect(now()?.place.state).toBe('searching')
  vi.advanceTimersByTime(5000)
  expect(now()?.place.state).toBe('unavailable')
  hear()
  expect(now()?.place.state).toBe('good')
})

test('back from the settings it asks the phone once more that refused', () => {
  const { places, now } = phone({ place: true })
  places.watch('place')
  refuse()
  expect(now()?.place.state).toBe('refused')
  const before = asked
  document.dispatchEvent(new Event('visibilitychange'))
  expect(asked).toBe(before + 1)
  hear()
  expect(now()?.place.state).toBe('good')
})

test('a patrol of somebody who refused has its gap for that reason, and no track', async () => {
  const adds: object[] = []
  const keeping: Keeping = {
    submit: async ({ ops, blobs }) => {
      adds.push(...ops.filter(({ act }) => act === 'add').map(({ set }) => set))
      expect(blobs).toEqual([])
      return { n: 1, entry: 'entry', hash: 'hash', wall: 0 }
    },
    keep: async () => undefined,
    put: (record, set) => ({ kind: 'patrol', record, act: 'put', set, base: {} }) as never,
    add: (record, set) => ({ kind: 'patrol', record, act: 'add', set }) as never,
    changed: () => undefined,
  }
  const patrol = patrolling(null, phone({ place: true }).places, keeping)
  await patrol.start(null)
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  await patrol.end({})
  expect(adds).toMatchObject([{ type: 'segment', gap: 'no_consent' }])
  expect(asked).toBe(0)
})
