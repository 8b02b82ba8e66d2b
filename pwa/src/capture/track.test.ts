import { describe, expect, it } from 'vitest'
import * as tracks from './track.ts'
import type { Fix, Track } from './track.ts'

const START = 1_795_500_000_000
/** Degrees of latitude of one metre. */
const METRE = 1 / 111_195

const fix = (seconds: number, metres: number, acc = 5): Fix => ({
  lon: 124.35,
  lat: 43.17 + metres * METRE,
  acc,
  at: START + seconds * 1000,
})

const walk = (fixes: readonly Fix[], from = tracks.begin(START)): Track =>
  fixes.reduce(tracks.onFix, from)

describe('sampling', () => {
  it('takes a point every 10 m, not every fix', () => {
    const fixes = Array.from({ length: 61 }, (_, i) => fix(i, i))
    const { points, distance } = walk(fixes)
    expect(points).toHaveLength(7)
    expect(distance).toBeCloseTo(60, 0)
  })

  it('takes the most accurate fix while one stands still', () => {
    const fixes = [fix(0, 0), fix(20, 1, 12), fix(30, 2, 3), fix(50, 1, 20)]
    const { points } = walk(fixes)
    expect(points).toHaveLength(2)
    expect(points[1]?.[3]).toBe(3)
    expect(points[1]?.[0]).toBe(START + 50_000)
  })

  it('leaves no hole of a minute between points of somebody who stands still', () => {
    const fixes = Array.from({ length: 300 }, (_, i) => fix(i, 0))
    const { points } = walk(fixes)
    const pauses = points.slice(1).map((point, i) => point[0] - (points[i]?.[0] ?? 0))
    expect(Math.max(...pauses)).toBeLessThan(60_000)
  })

  it('takes 0,0 and what is too inaccurate for no position', () => {
    const nowhere = { lon: 0, lat: 0, acc: 5, at: START }
    const { points } = walk([nowhere, fix(1, 0, 500), fix(2, 0, Number.NaN)])
    expect(points).toHaveLength(0)
  })

  it('counts a fix of the minute before as the place where the patrol began', () => {
    const { points, gaps } = walk([fix(-40, 0), fix(10, 15)])
    expect(points[0]?.[0]).toBe(START)
    expect(gaps).toEqual([])
  })

  it('takes the noise of a bad fix for no movement', () => {
    const { points } = walk([fix(0, 0, 5), fix(5, 12, 60), fix(10, 0, 5)])
    expect(points).toHaveLength(1)
  })
})

describe('jumps', () => {
  it('rejects what nobody walks, and goes on from the last true point', () => {
    const { points, distance } = walk([fix(0, 0), fix(1, 500), fix(12, 15)])
    expect(points).toHaveLength(2)
    expect(distance).toBeCloseTo(15, 0)
  })

  it('believes the new place when it keeps saying so, and counts no metres for it', () => {
    const { points, gaps, distance } = walk([fix(0, 0), fix(5, 5000), fix(6, 5001), fix(7, 5002)])
    expect(points).toHaveLength(2)
    expect(distance).toBe(0)
    expect(gaps).toEqual([{ from: START, to: START + 7000, reason: 'no_fix' }])
  })

  it('believes no places that speak against one another, and remembers the last of them', () => {
    const wild = [fix(5, 3000), fix(6, -3000), fix(7, 9000), fix(8, -6000)]
    const track = walk([fix(0, 0), ...wild, fix(9, 12)])
    expect(track.points).toHaveLength(2)
    expect(track.distance).toBeCloseTo(12, 0)
    expect(Math.round(track.jump?.metres ?? 0)).toBe(6000)
  })

  it('counts no metres for a jump either when one could have driven there meanwhile', () => {
    const { points, distance } = walk([
      fix(0, 0),
      fix(5, 3000),
      fix(200, 3001),
      fix(201, 3002),
      fix(212, 3020),
    ])
    expect(points).toHaveLength(3)
    expect(distance).toBeCloseTo(18, 0)
  })

  it('ignores a fix that is older than the last point', () => {
    const { points } = walk([fix(10, 0), fix(5, 40)])
    expect(points).toHaveLength(1)
  })
})

describe('gaps', () => {
  it('names a gap without a fix', () => {
    const { gaps } = walk([fix(0, 0), fix(180, 30)])
    expect(gaps).toEqual([{ from: START, to: START + 180_000, reason: 'no_fix' }])
  })

  it('names a gap with the screen off', () => {
    const dark = tracks.onHidden(walk([fix(0, 0)]), START + 10_000)
    const { gaps, off } = walk([fix(300, 40)], tracks.onShown(dark))
    expect(gaps).toEqual([{ from: START, to: START + 300_000, reason: 'screen_off' }])
    expect(off).toBeNull()
  })

  it('calls a short look away no gap', () => {
    const dark = tracks.onHidden(walk([fix(0, 0)]), START + 5000)
    expect(walk([fix(20, 15)], tracks.onShown(dark)).gaps).toEqual([])
  })

  it('takes nothing while paused, and says how long it was', () => {
    const paused = tracks.onPaused(walk([fix(0, 0)]), START + 10_000)
    const still = walk([fix(30, 50)], paused)
    expect(still.points).toHaveLength(1)
    const { gaps } = walk([fix(75, 60)], tracks.onResumed(still, START + 70_000))
    expect(gaps).toEqual([{ from: START + 10_000, to: START + 70_000, reason: 'paused' }])
  })

  it('shows the gap that is still open', () => {
    const track = walk([fix(0, 0)])
    expect(tracks.openGap(track, START + 30_000)).toBeNull()
    expect(tracks.openGap(track, START + 90_000)).toMatchObject({ reason: 'no_fix' })
  })
})

describe('sealing', () => {
  it('is due after 200 points or 10 minutes, and never for nothing', () => {
    expect(tracks.isDue(tracks.begin(START), START + 3_600_000)).toBe(false)
    expect(tracks.isDue(walk([fix(0, 0)]), START + 60_000)).toBe(false)
    expect(tracks.isDue(walk([fix(0, 0)]), START + 600_000)).toBe(true)
    const many = walk(Array.from({ length: 201 }, (_, i) => fix(i * 5, i * 10)))
    expect(tracks.isDue(many, START + 1)).toBe(true)
  })

  it('loses no point between one segment and the next', () => {
    const before = walk([fix(0, 0), fix(10, 20)])
    const sealed = tracks.seal(before, START + 20_000)
    expect(sealed.points).toHaveLength(2)
    const after = walk([fix(30, 40)], sealed.rest)
    expect(after.points).toHaveLength(1)
    expect(after.distance).toBeCloseTo(40, 0)
    expect(after.since).toBe(sealed.to)
  })

  it('ends an open gap with the patrol', () => {
    const sealed = tracks.seal(walk([fix(0, 0)]), START + 120_000, true)
    expect(sealed.gaps).toEqual([{ from: START, to: START + 120_000, reason: 'no_fix' }])
  })

  it('writes a blob of plain numbers', () => {
    const sealed = tracks.seal(walk([fix(0, 0), fix(180, 30)]), START + 200_000)
    const blob = JSON.parse(tracks.segmentText(sealed)) as { v: number; points: number[][] }
    expect(blob).toMatchObject({ v: 1, gaps: [{ reason: 'no_fix' }] })
    expect(blob.points[0]).toEqual([START, 124.35, 43.17, 5])
  })
})

it('finds the check-point within 30 m, the nearest first', () => {
  const places = [0, 20, 200].map((metres) => ({ ...fix(0, metres), name: metres }))
  expect(tracks.nearest(fix(0, 14), places)?.name).toBe(20)
  expect(tracks.nearest(fix(0, 100), places)).toBeNull()
})
