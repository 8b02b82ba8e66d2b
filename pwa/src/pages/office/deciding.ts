// Whether a decision can be taken about a record just now, and if not, why.

import type { Id } from '@hushui/sync'
import { isFact } from '../shared/facts.ts'
import { isStep } from './batches.ts'
import type { OwnReview } from './decisions.ts'
import type { Decision } from '../../app.ts'
import { standOf, type ReviewStand, type Row } from './wire.ts'

/** Key of the words `office.off`. */
export type Off =
  | { readonly why: 'notFact' | 'own' | 'deleted' | 'waiting' }
  | { readonly why: 'already'; readonly stand: ReviewStand }

export interface Judge {
  readonly me: Id | null
  /** One's own decisions that have not taken effect, by record. */
  readonly own: ReadonlyMap<Id, Pick<OwnReview, 'stand'>>
}

/** null: it can. */
export function offOf({ record, body }: Row, decision: Decision, { me, own }: Judge): Off | null {
  const stand = standOf(body)
  if (!isFact(body.kind)) return { why: 'notFact' }
  if (body.author === me) return { why: 'own' }
  if (body.deleted) return { why: 'deleted' }
  if (own.get(record)?.stand === 'waiting') return { why: 'waiting' }
  if (!isStep(stand, decision)) return { why: 'already', stand }
  return null
}

/** Of several those that can. */
export const ableOf = (rows: readonly Row[], decision: Decision, judge: Judge): readonly Row[] =>
  rows.filter((row) => offOf(row, decision, judge) === null)
