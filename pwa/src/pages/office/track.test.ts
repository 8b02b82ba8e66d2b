import { expect, test } from 'vitest'
import { checkPlace, positionOf } from './placeCheck.ts'
import { pathOf, segmentsOf } from './track.ts'

test('segments that came in any order make one path in order of time', () => {
  const late = { at: 2, lon: 2, lat: 2, acc: 1 }
  const early = { at: 1, lon: 1, lat: 1, acc: 1 }
  expect(pathOf([late, early])).toEqual([
    [1, 1],
    [2, 2],
  ])
})

test('segments and gaps are told apart from visits', () => {
  const add = (set: object) => ({ entry: '', device: '', author: '', captured: 0, set }) as never
  const { blobs, gaps } = segmentsOf([
    add({ type: 'segment', blob: 'ab', from: 1, to: 2 }),
    add({ type: 'segment', gap: 'paused', from: 2, to: 3 }),
    add({ type: 'visit', checkpoint: 'x' }),
  ])
  expect(blobs).toEqual(['ab'])
  expect(gaps).toEqual([{ from: 2, to: 3, reason: 'paused' }])
})

const zone = {
  line: [
    [124, 43],
    [124.02, 43],
  ],
  polygon: [
    [124, 42.999],
    [124.02, 42.999],
    [124.02, 43.001],
    [124, 43.001],
  ],
  chainage_start: 1000,
} as const

test('a place inside is measured from the line and against its chainage', () => {
  const check = checkPlace(zone, [124.01, 43.0005], 1800)
  expect(check?.inside).toBe(true)
  expect(Math.round(check?.offset ?? 0)).toBe(56)
  expect(Math.round(check?.apart ?? 0)).toBe(13)
})

test('a place outside says how far', () => {
  const check = checkPlace(zone, [124.01, 43.002], null)
  expect(check?.inside).toBe(false)
  expect(Math.round(check?.outside ?? 0)).toBe(111)
  expect(check?.apart).toBeNull()
})

test('0,0 is missing, and without a line there is nothing to measure', () => {
  expect(positionOf({ source: 'gps', lon: 0, lat: 0 })).toBeNull()
  expect(positionOf({ source: 'none' })).toBeNull()
  expect(checkPlace(undefined, [124, 43], 0)).toBeNull()
})
