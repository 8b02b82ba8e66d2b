// Walked ways as the map draws them: parts with points and parts without, and no more points than can
// be told apart from where one looks.

import { distance, type Fix } from '../geo/chainage.ts'
import { JUMP_M } from '../geo/segment.ts'
import type { PatrolSegment, Position } from '../generated/kinds.ts'

export type GapReason = NonNullable<PatrolSegment['gap']>

export interface Gap {
  readonly from: number
  readonly to: number
  readonly reason: GapReason
}

/** `gap`: between its two points nothing was recorded, and why; null: this was walked. */
export interface TrackPart {
  readonly points: readonly Position[]
  readonly gap: GapReason | null
}

export interface MapTrack {
  readonly id: string
  readonly parts: readonly TrackPart[]
}

/** Whatever order the segments came in. */
export function partsOf(fixes: readonly Fix[], gaps: readonly Gap[]): readonly TrackPart[] {
  const sorted = [...fixes].sort((a, b) => a.at - b.at)
  const parts: TrackPart[] = []
  let walked: Position[] = []
  const close = () => {
    if (walked.length > 1) parts.push({ points: walked, gap: null })
    walked = []
  }
  sorted.forEach((fix, n) => {
    const here: Position = [fix.lon, fix.lat]
    const before = sorted[n - 1]
    const last = walked.at(-1)
    if (before && last) {
      const between = gaps.find((gap) => gap.from < fix.at && gap.to > before.at)
      // Nobody wrote down why: it is the place that was missing.
      const reason = between?.reason ?? (distance(last, here) > JUMP_M ? 'no_fix' : null)
      if (reason) {
        close()
        parts.push({ points: [last, here], gap: reason })
      }
    }
    walked.push(here)
  })
  close()
  return parts
}

const EQUATOR_M = 40_075_017
const TILE_PX = 256

/** What one pixel shows. */
export const metresPerPixel = (zoom: number, lat: number): number =>
  (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom)

/** Without what lies closer than so many metres to the line through the others. */
export function simplified(points: readonly Position[], metres: number): readonly Position[] {
  const [first] = points
  const last = points.at(-1)
  if (!first || !last || points.length < 3) return points
  const east = Math.cos((first[1] * Math.PI) / 180) * (EQUATOR_M / 360)
  const north = EQUATOR_M / 360
  // A long way has thousands of points, and an old phone draws it between two touches.
  const xs = Float64Array.from(points, ([lon]) => (lon - first[0]) * east)
  const ys = Float64Array.from(points, ([, lat]) => (lat - first[1]) * north)
  const stays = new Uint8Array(points.length)
  stays[0] = stays[points.length - 1] = 1
  const spans: number[] = [0, points.length - 1]
  while (spans.length > 0) {
    const to = spans.pop() ?? 0
    const from = spans.pop() ?? 0
    const at = furthest(xs, ys, from, to, metres * metres)
    if (at < 0) continue
    stays[at] = 1
    spans.push(from, at, at, to)
  }
  return points.filter((_, n) => stays[n] === 1)
}

/** Of the points between two, the one furthest from the piece between them; -1: none is so far (m²). */
function furthest(xs: Float64Array, ys: Float64Array, from: number, to: number, far: number) {
  const [ax, ay] = [xs[from] ?? 0, ys[from] ?? 0]
  const [dx, dy] = [(xs[to] ?? 0) - ax, (ys[to] ?? 0) - ay]
  const length = dx * dx + dy * dy
  let [most, at] = [far, -1]
  for (let n = from + 1; n < to; n++) {
    const x = (xs[n] ?? 0) - ax
    const y = (ys[n] ?? 0) - ay
    const share = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length))
    const off = (x - share * dx) ** 2 + (y - share * dy) ** 2
    if (off > most) {
      most = off
      at = n
    }
  }
  return at
}

/** A track at each zoom, computed once: a map is moved more often than it is zoomed. */
export function createDetail(): (track: MapTrack, zoom: number) => readonly TrackPart[] {
  const known = new WeakMap<MapTrack, Map<number, readonly TrackPart[]>>()
  return (track, zoom) => {
    const near = Math.ceil(zoom)
    const levels = known.get(track) ?? new Map<number, readonly TrackPart[]>()
    known.set(track, levels)
    const held = levels.get(near)
    if (held) return held
    const found = track.parts.map(({ points, gap }) => ({
      gap,
      points: gap ? points : simplified(points, metresPerPixel(near, points[0]?.[1] ?? 0)),
    }))
    levels.set(near, found)
    return found
  }
}
