// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Keeping } from './patrol.ts'
import { patrolling } from './patrol.ts'
import type { HeardFor, Purpose } from './position.ts'
import { openPlaces } from './position.ts'

const running = new Map<number, PositionCallback>()
const once: PositionCallback[] = []
let asked = 0

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) })
  running.clear()
  once.length = asked = 0
  vi.stubGlobal('navigator', {
    geolocation: {
      watchPosition: (heard: PositionCallback) => {
        running.set(++asked, heard)
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
