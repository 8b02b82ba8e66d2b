// How bad a hazard or an event is by its measures: proposed, never decided.

import { kinds } from '../generated/kinds.ts'
import { tables } from '../generated/tables.ts'
import { decide, inputs, type Values } from './cel.ts'

type Row = (typeof tables.severity.rows)[number]
export type Level = Row['code']

/**
 * The rule that speaks, with its words: of several types the worst one counts; a missing measure
 * proposes nothing. The table grades what is happening: a latent hazard has classes of its own.
 */
export function proposal(values: Values): Row | null {
  if (values['nature'] === 'latent') return null
  return decide(tables.severity, inputs(kinds.hazard.fields, values)) ?? null
}

export const proposedLevel = (values: Values): Level | null => proposal(values)?.code ?? null

/** Nobody chose it: there is none, or the one that the measures beside it speak for. */
export const isProposed = (values: Values): boolean =>
  (values['level'] ?? null) === null || values['level'] === proposedLevel(values)

/** The rule that speaks for the severity of an event. */
export const severityOf = (values: Values) =>
  decide(tables.event_severity, inputs(kinds.event.fields, values)) ?? null
