// The level a hazard's measures speak for: proposed, never decided.

import { kinds } from '../generated/kinds.ts'
import { tables } from '../generated/tables.ts'
import { decide, inputs, type Values } from './cel.ts'

export type Level = (typeof tables.severity.rows)[number]['code']

/** Of several types the worst one counts; a missing measure proposes nothing. */
export function proposedLevel(values: Values): Level | null {
  return decide(tables.severity, inputs(kinds.hazard.fields, values))?.code ?? null
}

/** Nobody chose it: there is none, or the one that the measures beside it speak for. */
export const isProposed = (values: Values): boolean =>
  (values['level'] ?? null) === null || values['level'] === proposedLevel(values)
