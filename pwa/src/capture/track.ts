// The path of a patrol, as values: which fixes become points, what is a gap and why, when a segment is
// sealed. Points are [t, lon, lat, acc]: ms, degrees WGS-84, metres.

import { ACC_M_MAX, distance, PAUSE_MS_MAX } from '../geo/chainage.ts'

type Point = readonly [t: number, lon: number, lat: number, acc: number]
type GapReason = 'screen_off' | 'no_fix' | 'paused' | 'no_consent'

export interface Gap {
  readonly from: number
  readonly to: number
  readonly reason: GapReason
}

export interface Fix {
  readonly lon: number
  readonly lat: number
  readonly acc: number
  readonly at: number
}

export interface Track {
  /** From where the unsealed part counts, ms. */
  readonly since: number
  /** Not sealed yet. */
  readonly points: readonly Point[]
  readonly gaps: readonly Gap[]
  /** The last point taken, sealed or not. */
  readonly last: Point | null
  /** The most accurate fix since `last`, for when one stands still. */
  readonly best: Fix | null
  /** Fixes in a row that were too far to be true, and agree with one another. */
  readonly jumps: number
  /** The last of these; absent in a track begun by an older app, or where none was. */
  readonly jump?: Fix & { readonly metres: number }
  /** When the last usable fix came; null: none yet. */
  readonly heard: number | null
  /** When recording stopped to be possible, and why; null: it is possible. */
  readonly off: {
    readonly at: number
    readonly reason: 'screen_off' | 'paused'
    /** The screen is on again; the next fix shows how long the gap was. */
    readonly over: boolean
  } | null
  /** Metres, over all points. */
  readonly distance: number
}

const STEP_M = 10
/** What coverage takes for a gap. */
const GAP_MS = PAUSE_MS_MAX
/** Standing still, a point comes before that. */
const STILL_MS = GAP_MS - 10_000
/** Nobody walks, rides or boats along a dike faster. */
const SPEED_MS_MAX = 20
/** So many far fixes in a row that agree are the truth, and the last point was wrong. */
const JUMPS_MAX = 3
/** Metres; so far off, time alone makes no jump a walk. */
const FAR_M = 500
const SEAL_MS = 10 * 60_000
const SEAL_POINTS = 200
const NEAR_M = 30

export function begin(at: number): Track {
  return {
    since: at,
    points: [],
    gaps: [],
    last: null,
    best: null,
    jumps: 0,
    heard: null,
    off: null,
    distance: 0,
  }
}

/** 0,0 is a missing position, not a place in the Gulf of Guinea. */
export const isPlace = ({ lon, lat }: Pick<Fix, 'lon' | 'lat'>): boolean =>
  Number.isFinite(lon) && Number.isFinite(lat) && !(lon === 0 && lat === 0)

const isUsable = (fix: Fix): boolean => isPlace(fix) && fix.acc >= 0 && fix.acc <= ACC_M_MAX

export function onFix(track: Track, heard: Fix): Track {
  if (track.off?.reason === 'paused' || !isUsable(heard)) return track
  const { last } = track
  // A fix of the minute before belongs to the moment the patrol began.
  const fix = last === null && heard.at < track.since ? { ...heard, at: track.since } : heard
  if (last === null) return take(withGap(track, fix.at), fix)
  if (fix.at <= last[0]) return track
  const metres = distance([last[1], last[2]], [fix.lon, fix.lat])
  const seconds = (fix.at - last[0]) / 1000
  if (metres / seconds > SPEED_MS_MAX || isStillThere(track, fix, metres)) {
    const jumps = goesOn(track, fix) ? track.jumps + 1 : 1
    if (jumps < JUMPS_MAX) return { ...track, jumps, jump: { ...fix, metres } }
    // The distance between the two is not what anybody walked.
    return take(withGap(track, fix.at, true), fix)
  }
  const told = withGap({ ...track, jumps: 0 }, fix.at)
  // Noise of a bad fix is no movement.
  if (metres >= Math.max(STEP_M, Math.min(fix.acc, 30) / 2)) return take(told, fix, metres)
  const best = told.best === null || fix.acc <= told.best.acc ? fix : told.best
  if (fix.at - last[0] < STILL_MS) return { ...told, best, heard: fix.at }
  return take(told, { ...best, at: fix.at })
}

/** The page went dark: fixes stop, on most phones. */
export function onHidden(track: Track, at: number): Track {
  if (track.off?.reason === 'paused') return track
  return { ...track, off: { at, reason: 'screen_off', over: false } }
}

export function onShown(track: Track): Track {
  return track.off?.reason === 'screen_off'
    ? { ...track, off: { ...track.off, over: true } }
    : track
}

export function onPaused(track: Track, at: number): Track {
  const { gaps } = closeOff(track, at)
  return { ...track, gaps, off: { at, reason: 'paused', over: false }, best: null }
}

export function onResumed(track: Track, at: number): Track {
  const { gaps } = closeOff(track, at)
  return { ...track, gaps, off: null, heard: at }
}

/** The gap that is open at this moment, as it would be written now. */
export function openGap(track: Track, at: number): Gap | null {
  const from = track.off?.reason === 'paused' ? track.off.at : (track.heard ?? track.since)
  if (track.off?.reason === 'paused') return at > from ? { from, to: at, reason: 'paused' } : null
  if (at - from <= GAP_MS) return null
  return { from, to: at, reason: track.off ? 'screen_off' : 'no_fix' }
}

export function isDue(track: Track, at: number): boolean {
  const isSomething = track.points.length > 0 || track.gaps.length > 0
  return track.points.length >= SEAL_POINTS || (isSomething && at - track.since >= SEAL_MS)
}

export interface Sealed {
  readonly from: number
  readonly to: number
  readonly points: readonly Point[]
  readonly gaps: readonly Gap[]
  /** What goes on. */
  readonly rest: Track
}

/** `end`: the patrol is over, so a gap still open ends here. */
export function seal(track: Track, at: number, end = false): Sealed {
  const open = end ? openGap(track, at) : null
  const gaps = open ? [...track.gaps, open] : track.gaps
  const rest = { ...track, since: at, points: [], gaps: [], heard: end ? at : track.heard }
  return { from: track.since, to: at, points: track.points, gaps, rest }
}

/** The blob of a segment. */
export function segmentText({ points, gaps }: Pick<Sealed, 'points' | 'gaps'>): string {
  const rounded = points.map(([t, lon, lat, acc]) => [
    Math.round(t),
    Number(lon.toFixed(7)),
    Number(lat.toFixed(7)),
    Number(acc.toFixed(1)),
  ])
  return JSON.stringify({ v: 1, points: rounded, gaps })
}

/** The nearest of these within 30 m. */
export function nearest<P extends { readonly lon: number; readonly lat: number }>(
  fix: Fix,
  places: readonly P[],
): P | null {
  let found: P | null = null
  let least = NEAR_M
  for (const place of places) {
    const metres = distance([fix.lon, fix.lat], [place.lon, place.lat])
    if (metres <= least) {
      found = place
      least = metres
    }
  }
  return found
}

/** A wild receiver is elsewhere each time; whoever is there stays there. */
function goesOn({ jumps, jump }: Track, fix: Fix): boolean {
  if (jumps === 0 || !jump) return jumps > 0
  const metres = distance([jump.lon, jump.lat], [fix.lon, fix.lat])
  const seconds = Math.max(0, fix.at - jump.at) / 1000
  return metres <= SPEED_MS_MAX * seconds + jump.acc + fix.acc
}

/** Where it jumped to, however long ago the last true point was. */
const isStillThere = (track: Track, fix: Fix, metres: number): boolean =>
  metres > FAR_M && track.jumps > 0 && goesOn(track, fix)

// ---- the parts -----------------------------------------------------------------------------

function take(track: Track, fix: Fix, metres = 0): Track {
  const point: Point = [fix.at, fix.lon, fix.lat, fix.acc]
  return {
    ...track,
    points: [...track.points, point],
    last: point,
    best: null,
    jumps: 0,
    heard: fix.at,
    distance: track.distance + metres,
  }
}

/** Writes the gap that this fix ends, where there was one. */
function withGap(track: Track, at: number, isJump = false): Track {
  const gap = openGap(track, at)
  const off = track.off?.over ? null : track.off
  if (gap) return { ...track, off, gaps: [...track.gaps, gap], heard: at }
  const from = track.last?.[0] ?? at
  if (!isJump || from >= at) return { ...track, off, heard: at }
  return { ...track, off, gaps: [...track.gaps, { from, to: at, reason: 'no_fix' }], heard: at }
}

function closeOff(track: Track, at: number): { gaps: readonly Gap[] } {
  const gap = openGap(track, at)
  return { gaps: gap ? [...track.gaps, gap] : track.gaps }
}
