// What is pointed at when sending back: fields, also empty ones, and photos, also missing ones.

import type { ReviewPoint } from '../../app.ts'
import { isFilled, photoNeeds, visible, type Slot } from '../../forms/engine.ts'
import { fieldOf } from '../../forms/field.ts'
import { kinds } from '../../generated/kinds.ts'
import { pointAtSlot } from '../shared/slots.ts'
import type { Body, NamedPhoto } from './wire.ts'

interface Reviewed {
  readonly review: Body['review']
  readonly version: number
}

interface Written {
  readonly kind: Body['kind']
  readonly fields: Body['fields']
}

export type Pointed = `field:${string}` | `photo:${string}`

/** As many as a review takes. */
const POINTS_MAX = kinds.review.fields.points.count_max

/** As many as there may be: one has to go before another comes. */
export const isFull = (picks: readonly Pointed[]): boolean => picks.length >= POINTS_MAX

export function togglePick(picks: readonly Pointed[], one: Pointed): readonly Pointed[] {
  if (picks.includes(one)) return picks.filter((it) => it !== one)
  return isFull(picks) ? picks : [...picks, one]
}

export const pickOfSlot = (slot: Slot): Pointed => `field:${pointAtSlot(slot)}`

export const nameOf = (pick: Pointed): string => pick.slice(pick.indexOf(':') + 1)

export const pointsOf = (picks: readonly Pointed[]): readonly ReviewPoint[] =>
  picks.map((pick) =>
    pick.startsWith('field:') ? { field: nameOf(pick) } : { photo: nameOf(pick) },
  )

export interface Asked {
  /** false: a newer version has come since. */
  readonly stands: boolean
  readonly picks: ReadonlySet<Pointed>
}

/** What the newest review sent the record back for. */
export function askedOf({ review, version }: Reviewed): Asked {
  const points = review?.decision === 'returned' ? review.points : []
  const picks = points.flatMap(({ field, photo }): readonly Pointed[] => [
    ...(field ? [`field:${field}` as const] : []),
    ...(photo ? [`photo:${photo}` as const] : []),
  ])
  return { stands: review?.version === version, picks: new Set(picks) }
}

/** The form asks for the place elsewhere: a person on the dike does not type it. */
const PLACE = ['chainage', 'bank'] as const

/** What the form shows and stands empty, in its order. */
export function emptyFields({ kind, fields }: Written): readonly string[] {
  const form = visible(kind, fields).flatMap((section) => section.fields.map(({ name }) => name))
  const place = form.length === 0 ? [] : PLACE.filter((name) => fieldOf(kind, name) !== undefined)
  return [...new Set([...form, ...place])].filter((name) => !isFilled(fields[name]))
}

/** Photos the form asks for and the record lacks, whatever reason was given for it. */
export function missingSlots(
  { kind, fields }: Written,
  photos: readonly NamedPhoto[],
): readonly Slot[] {
  const taken = new Set(photos.map((photo) => photo.fields['slot']))
  return photoNeeds(kind, fields).filter((slot) => !taken.has(slot))
}
