// What a round looks at: what belongs to the structures of its zone, and nothing else.

import { round } from '../generated/checklists.ts'
import type { Field, Patrol, Zone } from '../generated/kinds.ts'

/** Where nobody said what stands there. */
const USUAL: NonNullable<Zone['object_classes']> = ['dike']

/** The checklist with those items only, and with what was answered already. */
export function roundOf(
  field: Field,
  zone: Partial<Zone> | null | undefined,
  rows: Patrol['checklist'],
): Field {
  const classes = zone?.object_classes?.length ? zone.object_classes : USUAL
  const asked = new Set<string>([
    ...classes.flatMap((it) => round[it]),
    ...(rows ?? []).map(({ item }) => item),
  ])
  const item = field.fields?.['item']
  if (!item) return field
  const choices = (item.choices ?? []).filter(({ code }) => asked.has(code))
  return { ...field, fields: { ...field.fields, item: { ...item, choices } } }
}
