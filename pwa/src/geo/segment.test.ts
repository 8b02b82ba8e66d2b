import { describe, expect, it } from 'vitest'
import { fixesOf } from './segment.ts'

const fix = { lon: 124.35, lat: 43.17, acc: 6, at: 1_795_500_000_000 }

describe('the blob of a segment', () => {
  it('is read in the form that phones write', () => {
    const blob = { v: 1, points: [[fix.at, fix.lon, fix.lat, fix.acc]], gaps: [] }
    expect(fixesOf(blob)).toEqual([fix])
  })

  it('is read as a bare list', () => {
    expect(fixesOf([[fix.lon, fix.lat, fix.acc, fix.at]])).toEqual([fix])
  })

  it('costs nothing where it is something else', () => {
    expect([null, 7, {}, { points: 'x' }, [[1, 2]]].flatMap(fixesOf)).toEqual([])
  })
})
