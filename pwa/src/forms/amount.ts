// How much was done: the figure a record of work is about.

import type { KindCode } from '../generated/kinds.ts'
import { visible, type Values } from './engine.ts'

/** With a stepper of their own. */
export const AMOUNTS: readonly string[] = ['volume_m3', 'area_m2', 'weight_t', 'units']

/** Of what is salvaged, the weight comes first. */
export const isSecond = (name: string, values: Values): boolean =>
  name === 'volume_m3' && values['work_kind'] === 'salvage'

/** The figure to begin with; undefined where the form is about something else. */
export function firstAmount(kind: KindCode, values: Values): string | undefined {
  if (kind !== 'work') return undefined
  const sections = visible(kind, values).filter(({ folded }) => !folded)
  if (sections.some(({ id }) => id === 'checklist')) return undefined
  const names = sections[0]?.fields.map(({ name }) => name)
  return names?.find((name) => AMOUNTS.includes(name) && !isSecond(name, values))
}
