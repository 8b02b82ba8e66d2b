// Lines, areas and points as people bring them: a file, a list of degrees, clicks on a map. Checked
// before they become somebody's zone.

import { distance, lineLength, type Position } from '../../../geo/chainage.ts'

export type ShapeKind = 'line' | 'polygon' | 'geo'

/** `at`: the number of the line that cannot be read; `n`: how many shapes there are. */
export type ShapeFault =
  | { readonly code: 'unreadable'; readonly at: number }
  | { readonly code: 'several'; readonly n: number }
  | { readonly code: 'nothing' | 'projected' | 'few' | 'crossing' }

export type Read =
  | { readonly ok: true; readonly points: readonly Position[] }
  | { readonly ok: false; readonly fault: ShapeFault }

/** As many as a field takes. */
export const POINTS_MAX = 1_000
/** Of China, generously; elsewhere it is asked whether it is meant. */
const LON = [73, 136] as const
const LAT = [3, 54] as const
export const LEAST: Readonly<Record<ShapeKind, number>> = { line: 2, polygon: 3, geo: 1 }

const fail = (fault: ShapeFault): Read => ({ ok: false, fault })

/** GeoJSON, GPX, or a pair of degrees on each line. */
export function readShape(text: string, kind: ShapeKind): Read {
  const plain = text.replace(/^\uFEFF/, '').trim()
  if (plain === '') return fail({ code: 'nothing' })
  if (plain.startsWith('{')) return fromGeoJson(plain, kind)
  if (plain.startsWith('<')) return fromGpx(plain, kind)
  return fromPairs(plain, kind)
}

function fromPairs(text: string, kind: ShapeKind): Read {
  const points: Position[] = []
  for (const [n, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const figures = line
      .normalize('NFKC')
      .split(/[,、;\s]+/)
      .filter(Boolean)
      .map(Number)
    const [lon, lat] = figures
    if (lon === undefined || lat === undefined || figures.length > 3 || !figures.every(isFinite)) {
      return fail({ code: 'unreadable', at: n + 1 })
    }
    points.push([lon, lat])
  }
  return checked(points, kind)
}

function fromGpx(text: string, kind: ShapeKind): Read {
  const tracks = [...text.matchAll(/<trkseg\b[\s\S]*?<\/trkseg>|<rte\b[\s\S]*?<\/rte>/g)]
  const bodies = tracks.length > 0 ? tracks.map(([it]) => it) : kind === 'geo' ? [text] : []
  const shapes = bodies
    .map((it) => [...it.matchAll(/<(?:trkpt|rtept|wpt)\b[^>]*>/g)].map(([tag]) => degreesOf(tag)))
    .filter((it) => it.length > 0)
  return only(shapes, kind)
}

function degreesOf(tag: string): Position {
  const figure = (name: string) =>
    Number(new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? NaN)
  return [figure('lon'), figure('lat')]
}

const TYPES: Readonly<Record<ShapeKind, readonly string[]>> = {
  line: ['LineString', 'MultiLineString'],
  polygon: ['Polygon', 'MultiPolygon'],
  geo: ['Point'],
}

interface Geometry {
  readonly type?: unknown
  readonly coordinates?: unknown
}

function fromGeoJson(text: string, kind: ShapeKind): Read {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail({ code: 'unreadable', at: 1 })
  }
  const wanted = geometriesOf(json).filter(({ type }) => TYPES[kind].includes(String(type)))
  return only(wanted.flatMap(partsOf), kind)
}

function geometriesOf(json: unknown): readonly Geometry[] {
  const { type, features, geometry, geometries } = (json ?? {}) as Record<string, unknown>
  if (type === 'FeatureCollection' && Array.isArray(features)) return features.flatMap(geometriesOf)
  if (type === 'GeometryCollection' && Array.isArray(geometries)) {
    return geometries.flatMap(geometriesOf)
  }
  if (type === 'Feature') return geometriesOf(geometry)
  return json === null || typeof json !== 'object' ? [] : [json]
}

/** Its lines, or its outer rings: an island in a zone belongs to it. */
function partsOf({ type, coordinates }: Geometry): readonly (readonly Position[])[] {
  const list = (it: unknown): readonly unknown[] => (Array.isArray(it) ? it : [])
  const points = (it: unknown) => list(it).map(position)
  switch (type) {
    case 'LineString':
      return [points(coordinates)]
    case 'MultiLineString':
      return list(coordinates).map(points)
    case 'Polygon':
      return [points(list(coordinates)[0])]
    case 'MultiPolygon':
      return list(coordinates).map((it) => points(list(it)[0]))
    default:
      return [[position(coordinates)]]
  }
}

const position = (it: unknown): Position =>
  Array.isArray(it) ? [toNumber(it[0]), toNumber(it[1])] : [NaN, NaN]
const toNumber = (it: unknown) => (typeof it === 'number' ? it : NaN)

function only(shapes: readonly (readonly Position[])[], kind: ShapeKind): Read {
  const [first] = shapes
  if (!first) return fail({ code: 'nothing' })
  if (shapes.length > 1) return fail({ code: 'several', n: shapes.length })
  return checked(first, kind)
}

function checked(all: readonly Position[], kind: ShapeKind): Read {
  const unread = all.findIndex((it) => !it.every(Number.isFinite))
  if (unread >= 0) return fail({ code: 'unreadable', at: unread + 1 })
  if (all.some(([a, b]) => Math.abs(a) > 180 || Math.abs(b) > 180))
    return fail({ code: 'projected' })
  const points = thin(tidy(all, kind))
  const fault = faultOf(points, kind)
  return fault ? fail(fault) : { ok: true, points }
}

/** What is wrong with a shape however it came about; null: nothing. */
export function faultOf(points: readonly Position[], kind: ShapeKind): ShapeFault | null {
  if (points.length < LEAST[kind]) return { code: 'few' }
  if (kind === 'geo' && points.length > 1) return { code: 'several', n: points.length }
  if (kind === 'polygon' && crossing(points) !== null) return { code: 'crossing' }
  return null
}

/** Without what is said twice; a ring is closed by itself. */
function tidy(points: readonly Position[], kind: ShapeKind): readonly Position[] {
  const apart = points.filter((it, n) => n === 0 || !same(it, points[n - 1]!))
  const [first] = apart
  const isClosed = kind === 'polygon' && apart.length > 1 && same(first!, apart.at(-1)!)
  return isClosed ? apart.slice(0, -1) : apart
}

const same = (a: Position, b: Position) => a[0] === b[0] && a[1] === b[1]

const within = (value: number, [least, most]: readonly [number, number]) =>
  value >= least && value <= most

/** swapped: latitude first. outside: not in China, or not in these degrees. null: no question. */
export function doubt(points: readonly Position[]): 'swapped' | 'outside' | null {
  if (points.every(([lon, lat]) => within(lon, LON) && within(lat, LAT))) return null
  return points.every(([lat, lon]) => within(lon, LON) && within(lat, LAT)) ? 'swapped' : 'outside'
}

export const swapped = (points: readonly Position[]): readonly Position[] =>
  points.map(([a, b]) => [b, a])

// ---- on the flat ---------------------------------------------------------------------------------

type Flat = readonly [x: number, y: number]

/** Metres east and north of the first position, and back: over a few kilometres the earth is flat. */
function plane([lon, lat]: Position) {
  const up = distance([lon, lat], [lon, lat + 0.01]) / 0.01
  const across = distance([lon, lat], [lon + 0.01, lat]) / 0.01
  return {
    flat: (it: Position): Flat => [(it[0] - lon) * across, (it[1] - lat) * up],
    round: ([x, y]: Flat): Position => [seven(lon + x / across), seven(lat + y / up)],
  }
}

/** A centimetre. */
const seven = (degrees: number) => Number(degrees.toFixed(7))

/** Square metres. */
export function area(ring: readonly Position[]): number {
  if (ring.length < 3) return 0
  const lats = ring.map(([, lat]) => lat)
  const { flat } = plane([ring[0]![0], (Math.min(...lats) + Math.max(...lats)) / 2])
  return Math.abs(turning(ring.map(flat)))
}

/** Its area, negative where the ring runs clockwise. */
const turning = (ring: readonly Flat[]): number =>
  ring.reduce((sum, [x, y], n) => {
    const [u, v] = ring[(n + 1) % ring.length]!
    return sum + (x * v - u * y) / 2
  }, 0)

/** Of a ring all the way round. */
export const lengthOf = (points: readonly Position[], kind: ShapeKind): number =>
  lineLength(kind === 'polygon' && points.length > 2 ? [...points, points[0]!] : points)

/** Where two sides of the ring meet that are no neighbours: their numbers; null: nowhere. */
export function crossing(ring: readonly Position[]): readonly [number, number] | null {
  if (ring.length < 4) return null
  const { flat } = plane(ring[0]!)
  const found = meeting(ring.map(flat))
  return found ? [found.i, found.j] : null
}

interface Meeting {
  readonly i: number
  readonly j: number
  readonly at: Flat
}

function meeting(ring: readonly Flat[]): Meeting | null {
  const end = (n: number) => ring[(n + 1) % ring.length]!
  for (let i = 0; i < ring.length - 2; i++) {
    for (let j = i + 2; j < ring.length; j++) {
      if (i === 0 && j === ring.length - 1) continue
      const at = meet(ring[i]!, end(i), ring[j]!, end(j))
      if (at) return { i, j, at }
    }
  }
  return null
}

function meet(a: Flat, b: Flat, c: Flat, d: Flat): Flat | null {
  const apart = (p: number, q: number, r: number, s: number) =>
    Math.max(p, q) < Math.min(r, s) || Math.max(r, s) < Math.min(p, q)
  if (apart(a[0], b[0], c[0], d[0]) || apart(a[1], b[1], c[1], d[1])) return null
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]]
  const cross = rx * sy - ry * sx
  if (cross === 0) {
    // Side by side; one upon the other only where neither leaves the other's line.
    return (c[0] - a[0]) * ry - (c[1] - a[1]) * rx === 0 ? c : null
  }
  const s = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const t = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return s >= 0 && s <= 1 && t >= 0 && t <= 1 ? [a[0] + s * rx, a[1] + s * ry] : null
}

// ---- fewer points --------------------------------------------------------------------------------

/** A track of hours has more points than a field takes: those that say least are left out. */
export function thin(points: readonly Position[], most = POINTS_MAX): readonly Position[] {
  if (points.length <= most) return points
  const { flat } = plane(points[0]!)
  const all = points.map(flat)
  for (let metres = 0.5; ; metres *= 1.5) {
    const kept = telling(all, metres)
    if (kept.length <= most) return kept.map((n) => points[n]!)
  }
}

/** The numbers of the points without which the line would be off by more (Douglas, Peucker). */
function telling(all: readonly Flat[], metres: number): readonly number[] {
  const kept = new Set([0, all.length - 1])
  const open: (readonly [number, number])[] = [[0, all.length - 1]]
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span
    let [far, worst] = [-1, metres]
    for (let n = from + 1; n < to; n++) {
      const off = offLine(all[n]!, all[from]!, all[to]!)
      if (off > worst) [far, worst] = [n, off]
    }
    if (far < 0) continue
    kept.add(far)
    open.push([from, far], [far, to])
  }
  return [...kept].sort((a, b) => a - b)
}

function offLine(p: Flat, a: Flat, b: Flat): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square
  const share = Math.min(1, Math.max(0, along))
  return Math.hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy)
}

// ---- an area along a line ------------------------------------------------------------------------

const BENDS_MAX = 240
const MITRE_MAX = 2

/** So many metres to both sides of a line; null: it winds too much to make one area of it. */
export function bothSides(line: readonly Position[], metres: number): readonly Position[] | null {
  const points = thin(tidy(line, 'line'), BENDS_MAX)
  if (points.length < 2) return null
  const { flat, round } = plane(points[0]!)
  const path = points.map(flat)
  const ring = [...side(path, metres), ...side([...path].reverse(), metres)]
  const clean = withoutLoops(ring)
  if (clean === null) return null
  const found = tidy(clean.map(round), 'polygon')
  return found.length >= 3 && found.length <= POINTS_MAX && crossing(found) === null ? found : null
}

/** To the left of the path; sharp corners are cut. */
function side(path: readonly Flat[], metres: number): readonly Flat[] {
  const normals = path.slice(1).map((it, n) => normal(path[n]!, it))
  return path.flatMap(([x, y], n) => {
    const before = normals[n - 1] ?? normals[n]!
    const after = normals[n] ?? before
    const cos = before[0] * after[0] + before[1] * after[1]
    const share = metres / Math.max(1 + cos, 1 / MITRE_MAX)
    const isOutside = before[0] * after[1] - before[1] * after[0] < 0
    if (isOutside && cos < 0.5) {
      return [before, after].map(([u, v]): Flat => [x + u * metres, y + v * metres])
    }
    return [[x + (before[0] + after[0]) * share, y + (before[1] + after[1]) * share] as Flat]
  })
}

function normal(a: Flat, b: Flat): Flat {
  const long = Math.hypot(b[0] - a[0], b[1] - a[1])
  return [-(b[1] - a[1]) / long, (b[0] - a[0]) / long]
}

/** Where the ring crosses itself, the smaller part goes. */
function withoutLoops(ring: readonly Flat[]): readonly Flat[] | null {
  let rest = ring
  for (let turn = 0; turn < 2 * ring.length; turn++) {
    const found = meeting(rest)
    if (!found) return rest
    const { i, j, at } = found
    const inner = [at, ...rest.slice(i + 1, j + 1)]
    const outer = [...rest.slice(0, i + 1), at, ...rest.slice(j + 1)]
    rest = Math.abs(turning(inner)) > Math.abs(turning(outer)) ? inner : outer
  }
  return null
}
