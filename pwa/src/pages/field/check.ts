// The check of one structure, as it begins: everything is known before anybody has looked.

import type { DraftPreset, HsRecord, Position } from '../../app.ts'
import { workOfCheck } from '../../forms/round.ts'
import { placeNow } from './place.ts'

/** Where the structure stands in the register; the fix is where the phone is. */
export function checkPreset(
  position: Position,
  { id, fields }: HsRecord<'object'>,
): DraftPreset<'work'> {
  const work_kind = workOfCheck(fields.class)
  const { zone, chainage, bank, kv } = fields
  const along = { zone: zone ?? null, chainage: chainage ?? null, bank: bank ?? null }
  return {
    fields: {
      ...placeNow(position, zone ?? null),
      ...(zone == null ? {} : along),
      ...(work_kind === undefined ? {} : { work_kind }),
      ...(work_kind === 'line_patrol' && kv != null ? { kv } : {}),
      structure: id,
      people: 1,
    },
    page: { after: 'form', byHand: true },
  }
}
