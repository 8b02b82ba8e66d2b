// Which report about a hazard is due next, and when. Pure: what is known comes in, with its times; all
// figures are those of the tables.

import { tables } from '../generated/tables.ts'
import type { HazardReport } from '../generated/kinds.ts'
import { decide } from './cel.ts'
import type { Level } from './severity.ts'

type ReportKind = HazardReport['report_kind']
export type Owed = Exclude<ReportKind, 'correction'>

export interface Report {
  readonly kind: ReportKind
  /** ms */
  readonly at: number
  /** When its author promised the next one. */
  readonly next: number | null
  readonly level: Level | null
}

/** What is known of a hazard; every time in ms. */
export interface Course {
  /** Since when it has been happening; null: it only may happen, and nobody is waiting for words. */
  readonly found: number | null
  /** Its level, and since when that is its level. */
  readonly level: { readonly is: Level | null; readonly since: number }
  readonly reports: readonly Report[]
  /** When somebody was first told by word of mouth. */
  readonly told: number | null
  readonly works: readonly Work[]
  readonly checks: readonly Check[]
}

/** A repair; `ended` null: it goes on. */
interface Work {
  readonly started: number
  readonly ended: number | null
}

interface Check {
  readonly at: number
  readonly passed: boolean
}

export interface Due {
  readonly kind: Owed
  readonly at: number
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const CHINA = 8 * 60 * MINUTE

/**
 * What is owed, the earliest first: of the written ones the next, and by word of mouth as long as nobody
 * has been told in any way.
 */
export function dueReports(course: Course): readonly Due[] {
  const { found, reports } = course
  if (found === null) return []
  const written = reports
    .filter(({ kind }) => kind !== 'correction' && kind !== 'call_report')
    .sort((a, b) => a.at - b.at)
  const last = written.at(-1)
  const again = last?.kind === 'final_report' ? backSince(course, last.at) : null
  if (last?.kind === 'final_report' && again === null) return []
  const removed = removal(course)
  if (removed !== null) return [{ kind: 'final_report', at: removed + within('final_report') }]
  if (last) return followUp(course, last, again ?? last.at)
  const first: Due = { kind: 'first_report', at: found + within('first_report') }
  const isTold = course.told !== null || reports.some(({ kind }) => kind === 'call_report')
  return isTold ? [first] : [{ kind: 'call_report', at: found + within('call_report') }, first]
}

/** The next one after `at` by the level alone; null: the level is not known. */
export function nextByLevel(level: Level | null, at: number): number | null {
  const values = decide(tables.report_due, { level: level ?? undefined })?.values
  if (!values) return null
  const clock = 'clock_minutes' in values ? values.clock_minutes : null
  return clock === null ? at + values.minutes * MINUTE : nextAtClock(at, clock * MINUTE)
}

/** The interval or the promise, whichever is earlier. */
function followUp(course: Course, last: Report, from: number): readonly Due[] {
  const { is, since } = levelNow(course)
  const byLevel = nextByLevel(is, from)
  // What was raised after the last word is a change to be told, but nothing was late before it.
  const byNow = byLevel === null ? null : Math.max(byLevel, since)
  const times = [byNow, last.next].filter((it) => it !== null)
  return times.length === 0 ? [] : [{ kind: 'follow_up', at: Math.min(...times) }]
}

/** The word said last: in the hazard itself or in a report about it. */
export function levelNow({ level, reports }: Pick<Course, 'level' | 'reports'>): Course['level'] {
  return [...reports]
    .sort((a, b) => a.at - b.at)
    .reduce(
      (now, { level: is, at }) =>
        is !== null && is !== now.is && at > now.since ? { is, since: at } : now,
      level,
    )
}

/** When the danger was removed: all works done, or a check passed, after the last that did not. */
export function removal({ works, checks }: Pick<Course, 'works' | 'checks'>): number | null {
  if (works.some(({ ended }) => ended === null)) return null
  const done = Math.max(...works.map(({ ended }) => ended ?? -Infinity))
  const failed = Math.max(...checks.filter(({ passed }) => !passed).map(({ at }) => at))
  if (done > failed) return done
  const passed = checks.filter((it) => it.passed && it.at > failed).map(({ at }) => at)
  return passed.length === 0 ? null : Math.min(...passed)
}

/** After what was to be the last word: since when it goes on all the same. */
function backSince({ works, checks }: Course, at: number): number | null {
  const later = [
    ...works.map(({ started }) => started),
    ...checks.filter(({ passed }) => !passed).map((it) => it.at),
  ].filter((it) => it > at)
  return later.length === 0 ? null : Math.max(...later)
}

const within = (kind: Owed): number =>
  MINUTE * decide(tables.report_first, { report_kind: kind, to: 'branch' })!.values.minutes

/** The next time after `at` that the clock in China stands there. */
function nextAtClock(at: number, clock: number): number {
  const midnight = Math.floor((at + CHINA) / DAY) * DAY - CHINA
  const today = midnight + clock
  return today > at ? today : today + DAY
}
