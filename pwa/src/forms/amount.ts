// How much was done: the figure a record of work is about. Its unit tells which one that is.

import type { Field, KindCode } from '../generated/kinds.ts'
import { isShown, visible, type ShownField, type Values } from './engine.ts'
import { kindOf } from './field.ts'

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

/** Where nothing of that is filled in, these say it in a list. */
const ELSE: readonly string[] = ['kg', 'km', '条', '台班']

/** The figure that says how much was done, among those filled in. */
export function doneOf(kind: KindCode, values: Values): string | undefined {
  const filled = Object.entries(kindOf(kind).fields).filter(
    ([name, field]) =>
      field.group === 'measures' && typeof values[name] === 'number' && isShown(field, values),
  )
  const among = (units: readonly string[]) =>
    filled.find(([, { unit = '' }]: readonly [string, Field]) => units.includes(unit))?.[0]
  return among(COUNTED) ?? among(ELSE)
}
