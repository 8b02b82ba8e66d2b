// A photo that should be there and is not has no id: a review points at it by its slot.

import type { Slot } from '../../forms/engine.ts'

const SLOTS: readonly Slot[] = ['before', 'after', 'scene', 'detail']

/** photo.after */
export const pointAtSlot = (slot: Slot): string => `photo.${slot}`

/** null: a field of the record. */
export const slotOf = (field: string): Slot | null =>
  SLOTS.find((slot) => pointAtSlot(slot) === field) ?? null
