// What a photo of one item of a checklist shows.

import { itemOfField } from '../../forms/round.ts'
import { kinds, type Choice } from '../../generated/kinds.ts'

const ITEMS: readonly Choice[] = [
  ...kinds.patrol.fields.checklist.fields.item.choices,
  ...kinds.work.fields.checklist.fields.item.choices,
]

/** undefined: of the whole record, or of an item that a later version has. */
export function itemShown(field: unknown): Choice | undefined {
  const item = typeof field === 'string' ? itemOfField(field) : undefined
  return item === undefined ? undefined : ITEMS.find(({ code }) => code === item)
}
