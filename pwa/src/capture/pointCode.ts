// What stands on the label of a check-point, and which one it is. A check-point that was given no code
// carries its record's id: every one can be labelled at once, and no two are alike.

import type { Id } from '@hushui/sync'
import type { Checkpoint } from '../generated/kinds.ts'

export interface Labelled {
  readonly id: Id
  readonly deleted: boolean
  readonly fields: Partial<Checkpoint>
}

export type Found<P extends Labelled> =
  | { readonly is: 'point'; readonly point: P }
  /** On this round already. */
  | { readonly is: 'signed'; readonly point: P }
  /** Of another zone than the one that is walked. */
  | { readonly is: 'elsewhere'; readonly point: P }
  /** It does not stand any more. */
  | { readonly is: 'void' }
  /** Given to more than one of the zone: it proves none of them. */
  | { readonly is: 'several' }
  | { readonly is: 'unknown' }

export const codeOf = ({ id, fields }: Pick<Labelled, 'id' | 'fields'>): string => fields.code || id

/** As it was scanned or typed: capitals, half width, no blanks. */
const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase()

export function pointOf<P extends Labelled>(
  text: string,
  points: readonly P[],
  zone: Id | null,
  isSigned: (id: Id) => boolean,
): Found<P> {
  const code = plain(text)
  const all = points.filter((it) => plain(codeOf(it)) === code || plain(it.id) === code)
  return foundIn(all, zone, isSigned)
}

/** Whoever types may say the number that stands on the label instead. */
export function typedPoint<P extends Labelled>(
  text: string,
  points: readonly P[],
  zone: Id | null,
  isSigned: (id: Id) => boolean,
): Found<P> {
  const number = plain(text)
  if (!/^\d{1,3}$/.test(number)) return pointOf(text, points, zone, isSigned)
  const numbered = ({ fields }: P) => fields.zone === zone && fields.number === Number(number)
  return foundIn(points.filter(numbered), zone, isSigned)
}

function foundIn<P extends Labelled>(
  all: readonly P[],
  zone: Id | null,
  isSigned: (id: Id) => boolean,
): Found<P> {
  if (all.length === 0) return { is: 'unknown' }
  const standing = all.filter((it) => !it.deleted)
  const elsewhere = standing[0]
  if (!elsewhere) return { is: 'void' }
  const [point, ...more] = standing.filter(({ fields }) => fields.zone === zone)
  if (!point) return { is: 'elsewhere', point: elsewhere }
  if (more.length > 0) return { is: 'several' }
  return { is: isSigned(point.id) ? 'signed' : 'point', point }
}
