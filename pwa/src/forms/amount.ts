// How much was done: the figure a record of work is about. Its unit tells which one that is.

import type { KindCode } from '../generated/kinds.ts'
import { visible, type ShownField, type Values } from './engine.ts'

/** What work is counted in; metres, hours and people say how it was done. */
const COUNTED: readonly string[] = ['m3', 'm2', 't', '台', '棵']
const WEIGHT = 't'

/** Those of a section that have a stepper of their own: what is weighed is not measured as well. */
export function amountsOf(fields: readonly ShownField[]): readonly string[] {
  const counted = fields.filter(({ field }) => COUNTED.includes(field.unit ?? ''))
  const weighed = counted.findIndex(({ field }) => field.unit === WEIGHT)
  const own = weighed < 0 ? counted : counted.slice(0, weighed + 1)
  return own.map(({ name }) => name)
}

/** The figure to begin with; undefined where the form is about something else. */
export function firstAmount(kind: KindCode, values: Values): string | undefined {
  const sections = visible(kind, values).filter(({ folded }) => !folded)
  if (sections.some(({ id }) => id === 'checklist')) return undefined
  return amountsOf(sections[0]?.fields ?? [])[0]
}
