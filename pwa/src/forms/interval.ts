// How often a zone is patrolled now, and why: by the water and by the response; the shorter wins. Pure:
// all figures are those of the tables.

import { tables } from '../generated/tables.ts'
import { decide } from './cel.ts'

export interface Gauge {
  readonly name: string
  /** The thresholds that the station has; those of two stations are never compared. */
  readonly levels: Readonly<Record<string, number>>
  /** ms, and metres above the station's own datum. */
  readonly readings: readonly { readonly at: number; readonly z: number }[]
}

export interface InForce {
  readonly level: string
  /** Of what: 洪水, 干旱 … as it is said. */
  readonly of: string
  readonly from: number
  readonly to: number | null
}

type Row = (typeof tables)['patrol_by_gauge' | 'patrol_by_response']['rows'][number]

export interface Interval {
  readonly ms: number
  readonly row: Row
  readonly why:
    | { readonly gauge: string; readonly z: number; readonly at: number; readonly state: GaugeRow }
    | { readonly response: string }
}

type GaugeRow = (typeof tables)['gauge_state']['rows'][number]

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const CHINA = 8 * HOUR

/** null: neither the water nor a response says anything. */
export function intervalOf(
  gauges: readonly Gauge[],
  responses: readonly InForce[],
  now: number,
): Interval | null {
  const all = [
    ...gauges.flatMap((it) => byGauge(it, now)),
    ...responses.flatMap((it) => byResponse(it, now)),
  ]
  // Of equal ones the water speaks: it stands first.
  return all.reduce<Interval | null>((best, it) => (best && best.ms <= it.ms ? best : it), null)
}

function byGauge({ name, levels, readings }: Gauge, now: number): Interval[] {
  const known = readings.filter(({ at }) => at <= now).sort((a, b) => b.at - a.at)
  const [newest] = known
  // What was read a day ago says nothing of the water now.
  if (!newest || now - newest.at > DAY) return []
  const state = stateAt(levels, newest.z)
  if (!state) return []
  const isFalling = state.code === 'normal' && wasHigh(levels, known, now)
  const said = isFalling ? 'recession' : state.code
  const row = decide(tables.patrol_by_gauge, { state: said, night: isNight(now) })
  return row ? [{ ...timed(row), why: { gauge: name, z: newest.z, at: newest.at, state } }] : []
}

function byResponse({ level, of, from, to }: InForce, now: number): Interval[] {
  if (from > now || (to !== null && to <= now)) return []
  const row = decide(tables.patrol_by_response, { level })
  return row ? [{ ...timed(row), why: { response: of } }] : []
}

const timed = (row: Row): { ms: number; row: Row } => ({ ms: row.values.minutes * MINUTE, row })

/** A threshold that is missing never triggers. */
const stateAt = (levels: Gauge['levels'], z: number): GaugeRow | undefined =>
  decide(tables.gauge_state, { ...levels, z })

function wasHigh(levels: Gauge['levels'], known: Gauge['readings'], now: number): boolean {
  const row = tables.patrol_by_gauge.rows.find(({ code }) => code === 'recession')
  const lasts = row && 'after_hours' in row.values ? row.values.after_hours * HOUR : 0
  return known.some(
    ({ at, z }) => now - at <= lasts && (stateAt(levels, z)?.code ?? 'normal') !== 'normal',
  )
}

function isNight(now: number): boolean {
  const row = tables.patrol_by_gauge.rows.find(({ code }) => code === 'warning_fast')
  if (!row || !('night_from_hour' in row.values)) return false
  const hour = Math.floor(((now + CHINA) % DAY) / HOUR)
  return hour >= row.values.night_from_hour || hour < row.values.night_to_hour
}
