import { describe, expect, it } from 'vitest'
import type { Fix } from '../geo/chainage.ts'
import type { Position } from '../generated/kinds.ts'
import { createDetail, metresPerPixel, partsOf, simplified, type MapTrack } from './track.ts'

const LAT = 43.17
/** East of the first point by so many metres, at this second. */
const fix = (second: number, metres: number): Fix => ({
  at: second * 1000,
  lon: 124.33 + metres / 81_200,
  lat: LAT,
  acc: 5,
})

describe('the parts of a track', () => {
  it('are one where nothing is missing, whatever order the points came in', () => {
    const fixes = [fix(20, 20), fix(0, 0), fix(10, 10)]
    expect(partsOf(fixes, [])).toEqual([
      {
        gap: null,
        points: [fix(0, 0), fix(10, 10), fix(20, 20)].map(({ lon, lat }) => [lon, lat]),
      },
    ])
  })

  it('say why nothing was recorded in between', () => {
    const gaps = [{ from: 11_000, to: 58_000, reason: 'screen_off' as const }]
    const fixes = [fix(0, 0), fix(10, 10), fix(60, 50), fix(70, 60)]
    expect(partsOf(fixes, gaps).map(({ gap, points }) => [gap, points.length])).toEqual([
      [null, 2],
      ['screen_off', 2],
      [null, 2],
    ])
  })

  it('leave a jump open for which nobody gave a reason', () => {
    const fixes = [fix(0, 0), fix(10, 10), fix(20, 400), fix(30, 410)]
    expect(partsOf(fixes, []).map(({ gap }) => gap)).toEqual([null, 'no_fix', null])
  })

  it('are none of a single point', () => {
    expect(partsOf([fix(0, 0)], [])).toEqual([])
    expect(partsOf([], [{ from: 0, to: 1, reason: 'paused' }])).toEqual([])
  })
})

/** A wavy way along a bank: 5 m from point to point. */
const bank = (count: number, turn: number): readonly Position[] =>
  Array.from({ length: count }, (_, n): Position => {
    const away = Math.sin(n / 40 + turn) * 60 + Math.sin(n * 1.7 + turn) * 2
    return [124.33 + (n * 5) / 81_200, LAT + turn / 500 + away / 111_320]
  })

describe('what is drawn of it', () => {
  it('is never further from the way than one pixel', () => {
    const points = bank(2000, 1)
    for (const zoom of [11, 14, 17]) {
      const metres = metresPerPixel(zoom, LAT)
      const drawn = simplified(points, metres)
      expect([drawn[0], drawn.at(-1)]).toEqual([points[0], points.at(-1)])
      const offs = points.map((point) => offDrawn(point, drawn))
      expect(Math.max(...offs)).toBeLessThanOrEqual(metres * 1.001)
    }
  })

  it('is little from afar, however many were walked', () => {
    const tracks = Array.from({ length: 20 }, (_, n): MapTrack => ({
      id: String(n),
      parts: [{ gap: null, points: bank(5000, n) }],
    }))
    const detail = createDetail()
    const drawn = (zoom: number) =>
      tracks.flatMap((it) => detail(it, zoom)).reduce((sum, { points }) => sum + points.length, 0)
    expect(drawn(10)).toBeLessThan(400)
    expect(drawn(13)).toBeLessThan(5000)
    expect(drawn(19)).toBeGreaterThan(50_000)
    const [first] = tracks
    expect(first && detail(first, 13)).toBe(first && detail(first, 12.25))
  })

  it('keeps a corner and the ends', () => {
    const corner: readonly Position[] = [
      [124.33, LAT],
      [124.331, LAT],
      [124.332, LAT],
      [124.332, LAT + 0.001],
    ]
    expect(simplified(corner, 1)).toEqual([corner[0], corner[2], corner[3]])
    expect(simplified(corner.slice(0, 1), 1)).toEqual([corner[0]])
  })
})

function offDrawn(point: Position, drawn: readonly Position[]): number {
  const flat = ([lon, lat]: Position) =>
    [(lon - 124.33) * 81_193.6, (lat - LAT) * 111_319.5] as const
  const [x, y] = flat(point)
  return drawn.slice(1).reduce((least, to, n) => {
    const [[ax, ay], [bx, by]] = [flat(drawn[n] ?? to), flat(to)]
    const [dx, dy] = [bx - ax, by - ay]
    const length = dx * dx + dy * dy || 1
    const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
    return Math.min(least, Math.hypot(x - ax - share * dx, y - ay - share * dy))
  }, Infinity)
}
