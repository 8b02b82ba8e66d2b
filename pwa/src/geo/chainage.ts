// Places along a line: chainage, offset and side, marks, coverage.
//
// Positions are [lon, lat] in degrees, WGS-84; lengths are metres. Over the few kilometres of a zone
// the earth is taken as flat around the point in question. server/hushui/domain/chainage.py says the
// same; sync/vectors/chainage.json holds both to it.

import type { Position } from '../generated/kinds.ts'

export type { Position }
type Side = 'left' | 'right'
type Interval = readonly [number, number]

/** `side` facing along the line, which is downstream; `offset` is never negative. */
export type Projection = {
  readonly chainage: number
  readonly offset: number
  readonly side: Side
  readonly foot: Position
}

/** One point of a track; `acc` in metres, `at` in milliseconds. */
export type Fix = {
  readonly lon: number
  readonly lat: number
  readonly acc: number
  readonly at: number
}

export type Coverage = {
  readonly length: number
  readonly covered: number
  readonly share: number
  readonly parts: readonly Interval[]
  readonly gaps: readonly Interval[]
}

const radians = (degrees: number) => (degrees * Math.PI) / 180

const RADIUS_M = 6_371_008.8
const DEGREE_M = radians(1) * RADIUS_M
export const ACC_M_MAX = 100
const REACH_M = 60
export const PAUSE_MS_MAX = 60_000
const MARK_M = 100
/** Inside a bend the line is longer than the way, by at most so many times. */
const BEND = 2
/** Lines meet where the end of one is no further from the beginning of the other. */
const JOINT_M = 30
/** How far into the neighbour's one walks (B4). */
const OVERLAP_M = 20

const TEXT = /^K?([0-9]{1,4})\+([0-9]{3}(?:\.[0-9]{1,2})?)$/

/** 5860 → `K5+860`. Rounds half up, as people do. */
export function chainageText(chainage: number, decimals = 0): string {
  const scale = 10 ** decimals
  const whole = Math.floor(chainage * scale + 0.5)
  const kilometres = Math.floor(whole / (1000 * scale))
  const rest = whole - kilometres * 1000 * scale
  const metres = Math.floor(rest / scale)
  const fraction = String(rest - metres * scale).padStart(decimals, '0')
  const tail = decimals > 0 ? `.${fraction}` : ''
  return `K${String(kilometres)}+${String(metres).padStart(3, '0')}${tail}`
}

/** `K5+860`, `5+860.5` → metres; null for anything else. */
export function chainageOf(text: string): number | null {
  const match = TEXT.exec(text.trim().toUpperCase().replaceAll('＋', '+'))
  return match === null ? null : Number(match[1]) * 1000 + Number(match[2])
}

/** Metres along the great circle. */
export function distance(a: Position, b: Position): number {
  const rise = Math.sin(radians(b[1] - a[1]) / 2) ** 2
  const turn = Math.sin(radians(b[0] - a[0]) / 2) ** 2
  const across = Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * turn
  return 2 * RADIUS_M * Math.asin(Math.sqrt(rise + across))
}

/** Metres east and north of `centre`. */
function around(centre: Position, point: Position): Position {
  const east = (point[0] - centre[0]) * DEGREE_M * Math.cos(radians(centre[1]))
  return [east, (point[1] - centre[1]) * DEGREE_M]
}

export function lineLength(line: readonly Position[]): number {
  return pairwise(line).reduce((sum, [a, b]) => sum + distance(a, b), 0)
}

/** The nearest place of the line; of equally near ones the first. */
export function project(line: readonly Position[], start: number, point: Position): Projection {
  const segments = pairwise(line)
  let before = 0
  let best: (Projection & { index: number; share: number }) | undefined
  for (const [index, [a, b]] of segments.entries()) {
    const [offset, share] = nearest(around(point, a), around(point, b))
    const length = distance(a, b)
    if (best === undefined || offset < best.offset) {
      const chainage = start + before + share * length
      best = { chainage, offset, side: 'left', foot: between(a, b, share), index, share }
    }
    before += length
  }
  if (best === undefined) throw new RangeError('a line has two positions at least')
  const { chainage, offset, foot } = best
  return { chainage, offset, side: sideOf(segments, best.index, best.share, point, foot), foot }
}

/** Distance of the origin from the segment, and how far along it (0…1) the nearest place is. */
function nearest(a: Position, b: Position): readonly [number, number] {
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : -(a[0] * dx + a[1] * dy) / square
  const share = Math.min(1, Math.max(0, along))
  return [Math.hypot(a[0] + share * dx, a[1] + share * dy), share]
}

/** At a vertex both segments have a say: a bend alone would put the point on the wrong bank. */
function sideOf(
  segments: readonly Segment[],
  index: number,
  share: number,
  point: Position,
  foot: Position,
): Side {
  const neighbour = share >= 1 ? segments[index + 1] : share <= 0 ? segments[index - 1] : undefined
  let [east, north] = heading(point, segments[index])
  const other = heading(point, neighbour)
  east += other[0]
  north += other[1]
  const away = around(point, foot)
  return north * away[0] - east * away[1] >= 0 ? 'left' : 'right'
}

function heading(centre: Position, segment: Segment | undefined): Position {
  if (segment === undefined) return [0, 0]
  const a = around(centre, segment[0])
  const b = around(centre, segment[1])
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
  return [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
}

/** The place at a chainage; before the beginning and after the end, the ends. */
export function pointAt(line: readonly Position[], start: number, chainage: number): Position {
  let left = chainage - start
  let end: Position = line[0] ?? [0, 0]
  for (const [a, b] of pairwise(line)) {
    const length = distance(a, b)
    if (left <= length) return between(a, b, length === 0 ? 0 : Math.max(0, left / length))
    left -= length
    end = b
  }
  return end
}

/** Every hundred metres from the first round chainage on. */
export function marks(
  line: readonly Position[],
  start: number,
): readonly (readonly [number, Position])[] {
  const end = start + lineLength(line)
  const found: (readonly [number, Position])[] = []
  for (let at = Math.ceil(start / MARK_M) * MARK_M; at <= end; at += MARK_M) {
    found.push([at, pointAt(line, start, at)])
  }
  return found
}

/** Even-odd rule; whether the edge itself belongs to it is left open. */
export function contains(ring: readonly Position[], point: Position): boolean {
  let inside = false
  for (const [[ax, ay], [bx, by]] of edges(ring)) {
    if (ay > point[1] !== by > point[1]) {
      const crossing = ax + ((point[1] - ay) / (by - ay)) * (bx - ax)
      if (point[0] < crossing) inside = !inside
    }
  }
  return inside
}

/** 0 inside. */
export function distanceToPolygon(ring: readonly Position[], point: Position): number {
  if (contains(ring, point)) return 0
  return Math.min(...edges(ring).map(([a, b]) => nearest(around(point, a), around(point, b))[0]))
}

/**
 * What of the line was walked. Two fixes in a row cover what lies between them when both are near the
 * line, accurate enough, and no more than a minute apart: a gap stays a gap. Across the neck of a
 * bend nobody walks the bend: the line between them is no longer than the inside of it can make it.
 */
export function coverage(
  line: readonly Position[],
  start: number,
  track: readonly Fix[],
  reach = REACH_M,
): Coverage {
  const length = lineLength(line)
  const walked: Interval[] = []
  let last: { at: number; chainage: number; here: Position } | undefined
  for (const fix of track) {
    const here: Position = [fix.lon, fix.lat]
    const { chainage, offset } = project(line, start, here)
    if (fix.acc > ACC_M_MAX || offset > reach) {
      last = undefined
      continue
    }
    const pause = last === undefined ? Infinity : fix.at - last.at
    if (last !== undefined && pause >= 0 && pause <= PAUSE_MS_MAX) {
      const between = Math.abs(chainage - last.chainage)
      if (between <= BEND * distance(last.here, here) + 2 * reach) {
        walked.push([Math.min(last.chainage, chainage), Math.max(last.chainage, chainage)])
      }
    }
    last = { at: fix.at, chainage, here }
  }
  const parts = joined(walked)
  const covered = parts.reduce((sum, [a, b]) => sum + b - a, 0)
  const share = length === 0 ? 0 : covered / length
  return { length, covered, share, parts, gaps: rest(parts, start, start + length) }
}

/**
 * The line with the last metres of the one that ends where it begins, and the first of the one that
 * begins where it ends; and the chainage of its new first vertex.
 */
export function intoNeighbours(
  line: readonly Position[],
  start: number,
  others: readonly (readonly Position[])[],
  overlap = OVERLAP_M,
): { readonly line: readonly Position[]; readonly start: number } {
  const [first, last] = [line[0], line.at(-1)]
  const meets = (a: Position | undefined, b: Position | undefined) =>
    a !== undefined && b !== undefined && distance(a, b) <= JOINT_M
  const before = others.find((it) => meets(it.at(-1), first))
  const after = others.find((it) => meets(it[0], last))
  const tail = before ? piece(before, lineLength(before) - overlap, Infinity) : []
  const head = after ? piece(after, 0, overlap) : []
  const way = first ? lineLength([...tail, first]) : 0
  return { line: [...tail, ...line, ...head], start: start - way }
}

/** What lies between two places of a line, metres from its first vertex. */
function piece(line: readonly Position[], start: number, end: number): readonly Position[] {
  const found = [pointAt(line, 0, Math.max(0, start))]
  let at = 0
  for (const [a, b] of pairwise(line)) {
    at += distance(a, b)
    if (start < at && at < end) found.push(b)
  }
  return end >= at ? found : [...found, pointAt(line, 0, end)]
}

function joined(intervals: readonly Interval[]): readonly Interval[] {
  const parts: Interval[] = []
  for (const [a, b] of [...intervals].sort((x, y) => x[0] - y[0] || x[1] - y[1])) {
    const last = parts[parts.length - 1]
    if (last !== undefined && a <= last[1])
      parts[parts.length - 1] = [last[0], Math.max(b, last[1])]
    else if (b > a) parts.push([a, b])
  }
  return parts
}

/** What the parts leave of a line; slivers under a metre are no gap. */
function rest(parts: readonly Interval[], start: number, end: number): readonly Interval[] {
  const from = [start, ...parts.map((part) => part[1])]
  const to = [...parts.map((part) => part[0]), end]
  return from.map((a, index): Interval => [a, to[index] ?? end]).filter(([a, b]) => b - a >= 1)
}

type Segment = readonly [Position, Position]

function pairwise(line: readonly Position[]): readonly Segment[] {
  return line.slice(1).map((b, index): Segment => [line[index] ?? b, b])
}

function edges(ring: readonly Position[]): readonly Segment[] {
  const first = ring[0]
  return first === undefined ? [] : pairwise([...ring, first])
}

function between(a: Position, b: Position, share: number): Position {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}
