import { expect, test } from 'vitest'
import vectors from '../../../sync/vectors/chainage.json'
import {
  chainageOf,
  chainageText,
  contains,
  coverage,
  distance,
  distanceToPolygon,
  intoNeighbours,
  marks,
  pointAt,
  project,
  type Position,
} from './chainage.ts'

const lines = vectors.lines as unknown as Record<string, readonly Position[]>
const rings = vectors.rings as unknown as Record<string, readonly Position[]>
const place = (value: readonly number[]) => value as unknown as Position

function near(got: number, wanted: number, tolerance = vectors.tolerance_m) {
  expect(Math.abs(got - wanted), `${String(got)} for ${String(wanted)}`).toBeLessThan(tolerance)
}

function samePlace(got: readonly number[], wanted: readonly number[]) {
  near(got[0] ?? NaN, wanted[0] ?? NaN, vectors.tolerance_deg)
  near(got[1] ?? NaN, wanted[1] ?? NaN, vectors.tolerance_deg)
}

function sameNumbers(got: readonly (readonly number[])[], wanted: readonly (readonly number[])[]) {
  expect(got).toHaveLength(wanted.length)
  got.flat().forEach((value, index) => {
    near(value, wanted.flat()[index] ?? NaN)
  })
}

test.each(vectors.text)('$chainage is written $text', ({ chainage, decimals, text }) => {
  expect(chainageText(chainage, decimals)).toBe(text)
})

test.each(vectors.parse)('"$text" is read as $chainage', ({ text, chainage }) => {
  expect(chainageOf(text)).toBe(chainage)
})

test.each(vectors.distance)('from $a to $b', ({ a, b, metres }) => {
  near(distance(place(a), place(b)), metres)
})

test.each(vectors.project)('$point falls on $line', (wanted) => {
  const got = project(lines[wanted.line] ?? [], wanted.start, place(wanted.point))
  near(got.chainage, wanted.chainage)
  near(got.offset, wanted.offset)
  expect(got.side).toBe(wanted.side)
  samePlace(got.foot, wanted.foot)
})

test.each(vectors.point_at)('$line at $chainage', ({ line, start, chainage, point }) => {
  samePlace(pointAt(lines[line] ?? [], start, chainage), point)
})

const { by_hand: byHand } = vectors
const DEGREE_M = (Math.PI / 180) * 6_371_008.8
const degrees = (metres: readonly (readonly number[])[]): Position[] =>
  metres.map(([east = NaN, north = NaN]) => [east / DEGREE_M, north / DEGREE_M])

test.each(byHand.coverage)('on paper: $name', ({ line, walk, covered, gaps }) => {
  const track = walk.map(([east = NaN, north = NaN, acc = NaN, at = NaN]) => {
    const [lon, lat] = degrees([[east, north]])[0] ?? [NaN, NaN]
    return { lon, lat, acc, at: at * 1000 }
  })
  const got = coverage(degrees(line), byHand.start, track)
  near(got.covered, covered, 0.05)
  expect(got.gaps).toHaveLength(gaps.length)
  got.gaps.flat().forEach((edge, n) => {
    near(edge, gaps.flat()[n] ?? NaN, 0.05)
  })
})

test.each(byHand.neighbours)('into the neighbours: $name', ({ line, others, result, start }) => {
  const got = intoNeighbours(degrees(line), byHand.start, others.map(degrees))
  near(got.start, start, 0.01)
  expect(got.line).toHaveLength(result.length)
  got.line.forEach((position, n) => {
    samePlace(position, degrees(result)[n] ?? [])
  })
})

test.each(vectors.marks)('the marks of $line', ({ line, start, marks: wanted }) => {
  const got = marks(lines[line] ?? [], start)
  expect(got.map(([at]) => at)).toEqual(wanted.map(([at]) => at))
  got.forEach(([, point], index) => {
    samePlace(point, (wanted[index]?.[1] ?? []) as readonly number[])
  })
})

test.each(vectors.polygon)('$point and the ring $ring', ({ ring, point, inside, metres }) => {
  expect(contains(rings[ring] ?? [], place(point))).toBe(inside)
  near(distanceToPolygon(rings[ring] ?? [], place(point)), metres)
})

test.each(vectors.coverage)('coverage: $name', (wanted) => {
  const track = wanted.track.map(([lon, lat, acc, at]) => ({
    lon: lon ?? NaN,
    lat: lat ?? NaN,
    acc: acc ?? NaN,
    at: at ?? NaN,
  }))
  const got = coverage(lines[wanted.line] ?? [], wanted.start, track)
  near(got.length, wanted.length)
  near(got.covered, wanted.covered)
  near(got.share, wanted.share, 1e-6)
  sameNumbers(got.parts, wanted.parts)
  sameNumbers(got.gaps, wanted.gaps)
})
