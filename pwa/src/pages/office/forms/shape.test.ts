import { describe, expect, test } from 'vitest'
import { project, type Position } from '../../../geo/chainage.ts'
import { area, bothSides, crossing, doubt, faultOf, lengthOf, readShape, swapped } from './shape.ts'

const LINE: readonly Position[] = [
  [124.33, 43.17],
  [124.34, 43.172],
  [124.35, 43.171],
]
const read = (text: string, kind: 'line' | 'polygon' | 'geo' = 'line') => readShape(text, kind)
const points = (text: string, kind: 'line' | 'polygon' | 'geo' = 'line') => {
  const found = read(text, kind)
  return found.ok ? found.points : found.fault
}
const feature = (type: string, coordinates: unknown) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: {}, geometry: { type, coordinates } }],
  })

describe('a line comes', () => {
  test('as GeoJSON, heights left out', () => {
    expect(
      points(
        feature(
          'LineString',
          LINE.map((it) => [...it, 180]),
        ),
      ),
    ).toEqual(LINE)
    expect(points(JSON.stringify({ type: 'LineString', coordinates: LINE }))).toEqual(LINE)
  })
  test('as GPX, whatever comes first in a tag', () => {
    const tags = LINE.map(([lon, lat], n) =>
      n === 0
        ? `<trkpt lon='${lon}' lat='${lat}'/>`
        : `<trkpt lat="${lat}" lon="${lon}"><ele>1</ele></trkpt>`,
    )
    expect(points(`<?xml?><gpx><trk><trkseg>${tags.join('\n')}</trkseg></trk></gpx>`)).toEqual(LINE)
  })
  test('as pairs, with Chinese commas and full-width figures too', () => {
    expect(points('\uFEFF124.33，43.17\n\n124.34、43.172\n１２４.３５ 43.171')).toEqual(LINE)
  })
  test('thinned to what a field takes, its ends kept', () => {
    const long = Array.from({ length: 4000 }, (_, n): Position => [
      124 + n / 1e5,
      43 + Math.sin(n / 40) / 1e3,
    ])
    const found = points(feature('LineString', long)) as readonly Position[]
    expect(found.length).toBeLessThanOrEqual(1000)
    expect([found[0], found.at(-1)]).toEqual([long[0], long.at(-1)])
    expect(lengthOf(found, 'line') / lengthOf(long, 'line')).toBeGreaterThan(0.99)
  })
})

test('what cannot be one is told apart', () => {
  expect(points('')).toEqual({ code: 'nothing' })
  expect(points(feature('Polygon', [LINE]))).toEqual({ code: 'nothing' })
  expect(points('124.33,43.17\n桩号 5')).toEqual({ code: 'unreadable', at: 2 })
  expect(points('{')).toEqual({ code: 'unreadable', at: 1 })
  expect(points('124.33,43.17')).toEqual({ code: 'few' })
  expect(points('124.33,43.17\n124.33,43.17')).toEqual({ code: 'few' })
  expect(points('4512345.6,532100.2\n4512346,532200')).toEqual({ code: 'projected' })
  expect(points(feature('MultiLineString', [LINE, LINE]))).toEqual({ code: 'several', n: 2 })
})

test('an area is a ring of three corners that does not cross itself', () => {
  const square: Position[] = [
    [124.33, 43.17],
    [124.34, 43.17],
    [124.34, 43.18],
    [124.33, 43.18],
  ]
  const closed = [...square, square[0]!]
  expect(points(feature('Polygon', [closed]), 'polygon')).toEqual(square)
  const bow = [square[0]!, square[2]!, square[1]!, square[3]!]
  expect(crossing(bow)).not.toBeNull()
  expect(points(feature('Polygon', [bow]), 'polygon')).toEqual({ code: 'crossing' })
  expect(faultOf(square.slice(0, 2), 'polygon')).toEqual({ code: 'few' })
  expect(area(square)).toBeCloseTo(area([...square].reverse()), 0)
  // 0.01° by 0.01° at 43°: 811 m by 1112 m.
  expect(area(square) / 1e6).toBeCloseTo(0.902, 2)
})

test('degrees the wrong way round, or of elsewhere, are asked about', () => {
  expect(doubt(LINE)).toBeNull()
  expect(doubt(swapped(LINE))).toBe('swapped')
  expect(doubt([...LINE, [13.4, 52.5]])).toBe('outside')
})

describe('an area to both sides of a line', () => {
  const METRES = 50

  test('of a straight one is as wide as it says', () => {
    const ring = bothSides([LINE[0]!, LINE[1]!], METRES)!
    expect(area(ring) / (lengthOf([LINE[0]!, LINE[1]!], 'line') * 2 * METRES)).toBeCloseTo(1, 2)
  })

  test.each(winding())('of a winding one does not cross itself: %s', (_name, line) => {
    const ring = bothSides(line, METRES)
    expect(ring).not.toBeNull()
    expect(crossing(ring!)).toBeNull()
    expect(ring!.length).toBeLessThanOrEqual(1000)
    // Its two ends lie on the edge.
    for (const point of line.slice(1, -1)) expect(isInside(ring!, point)).toBe(true)
    // No corner stands nearer than it says, but for bends where the inner side is cut.
    const near = ring!.filter((it) => project(line, 0, it).offset < METRES * 0.4)
    expect(near).toEqual([])
  })

  function winding(): [string, Position[]][] {
    const along = (of: (n: number) => readonly [number, number], n: number) =>
      Array.from({ length: n }, (_, at): Position => {
        const [x, y] = of(at)
        return [124 + x / 81_200, 43 + y / 111_200]
      })
    return [
      ['gentle', along((n) => [n * 40, 300 * Math.sin(n / 12)], 200)],
      ['tight', along((n) => [n * 12, 60 * Math.sin(n / 4)], 120)],
      ['corner', along((n) => (n < 5 ? [n * 100, 0] : [400, (n - 4) * 100]), 12)],
      ['hairpin', along((n) => (n < 6 ? [n * 100, 0] : [500 - (n - 6) * 100, 160]), 11)],
      ['steps', along((n) => [Math.ceil(n / 2) * 90, Math.floor(n / 2) * 70], 30)],
    ]
  }
})

function isInside(ring: readonly Position[], [x, y]: Position): boolean {
  let inside = false
  for (const [n, [ax, ay]] of ring.entries()) {
    const [bx, by] = ring[(n + 1) % ring.length]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}
