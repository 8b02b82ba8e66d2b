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

export type Pick = `field:${string}` | `photo:${string}`

/** As many as a review takes. */
const POINTS_MAX = kinds.review.fields.points.count_max

export const togglePick = (picks: readonly Pick[], one: Pick): readonly Pick[] =>
  picks.includes(one) ? picks.filter((it) => it !== one) : [...picks, one].slice(-POINTS_MAX)

export const pickOfSlot = (slot: Slot): Pick => `field:${pointAtSlot(slot)}`

export const nameOf = (pick: Pick): string => pick.slice(pick.indexOf(':') + 1)

export const pointsOf = (picks: readonly Pick[]): readonly ReviewPoint[] =>
  picks.map((pick) =>
    pick.startsWith('field:') ? { field: nameOf(pick) } : { photo: nameOf(pick) },
  )

export interface Asked {
  /** false: a newer version has come since. */
  readonly stands: boolean
  readonly picks: ReadonlySet<Pick>
}

/** What the newest review sent the record back for. */
export function askedOf({ review, version }: Reviewed): Asked {
  const points = review?.decision === 'returned' ? review.points : []
  const picks = points.flatMap(({ field, photo }): readonly Pick[] => [
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
