// What a new report about a hazard begins with: what is known of the hazard, and what its last report
// said that most likely holds still. What was measured or forecast for a moment is asked again.

import type { HazardReport } from '../generated/kinds.ts'
import { isShown } from './engine.ts'
import { fieldOf } from './field.ts'
import { nextByLevel, type Owed } from './reportDue.ts'
import type { Level } from './severity.ts'

export interface Known {
  readonly hazard: string
  readonly level: Level | null
  /** In words: what it is and how large, what it threatens, what was done at once. */
  readonly what: string
  readonly risk: string
  readonly done: string
  readonly last: Partial<HazardReport> | null
}

type Begun = Partial<HazardReport>

const KEPT = ['at_risk', 'action', 'responsible', 'told', 'masses', 'army', 'police'] as const

export function beginReport(kind: Owed, at: number, known: Known): Begun {
  const { hazard, level, what, risk, done, last } = known
  const begun: Begun = {
    ...(risk ? { at_risk: risk } : {}),
    ...(done ? { action: done } : {}),
    ...(last ? Object.fromEntries(KEPT.flatMap((name) => filled(last, name))) : {}),
    // A follow-up says what has changed, which nobody has said yet.
    ...(kind === 'call_report' || kind === 'first_report' ? { text: what } : {}),
  }
  const next = kind === 'first_report' || kind === 'follow_up' ? nextByLevel(level, at) : null
  return {
    ...{ hazard, report_kind: kind, at },
    ...(level ? { level } : {}),
    ...(next === null ? {} : { next_at: next }),
    ...Object.fromEntries(Object.entries(begun).filter(([name]) => isAsked(name, kind))),
  }
}

/** Whether the form of this sort of report has it. */
const isAsked = (name: string, kind: Owed): boolean => {
  const field = fieldOf('hazard_report', name)
  return field !== undefined && isShown(field, { report_kind: kind })
}

/** What was wrong in one that is out; that one stays as it is. */
export const beginMend = (hazard: string, report: string, at: number): Begun => ({
  ...{ hazard, report_kind: 'correction', corrects: report, at },
})

const filled = (from: Begun, name: (typeof KEPT)[number]): [string, unknown][] =>
  from[name] == null || from[name] === '' ? [] : [[name, from[name]]]
