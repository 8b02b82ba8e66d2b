// `epoch:number`: which of two revs is the newer one (S07).

import type { Rev } from './entry.ts'
import type { Id } from './ids.ts'

const SHAPE = /^[^:]+:(0|[1-9][0-9]{0,15})$/

export const isRev = (value: unknown): value is Rev =>
  typeof value === 'string' && SHAPE.test(value)

export const revOf = (of: { readonly epoch: Id; readonly number: number }): Rev =>
  `${of.epoch}:${of.number}`

export const epochOf = (rev: Rev): Id => rev.slice(0, rev.indexOf(':'))
export const numberOf = (rev: Rev): number => Number(rev.slice(rev.indexOf(':') + 1))

/**
 * Whether `incoming`, said by the server now, takes the place of `held`. Where neither is of the epoch
 * announced now, what the server says wins: a ledger that was restored older knows the lower number.
 */
export function beats(incoming: Rev, held: Rev, announced: Id): boolean {
  if (incoming === held) return false
  if (epochOf(held) !== announced) return true
  return epochOf(incoming) === announced && numberOf(incoming) > numberOf(held)
}

/** Whether a row at `row` already holds what the receipt `rev` wrote (H06). */
export function holds(row: Rev, rev: Rev, announced: Id): boolean {
  if (epochOf(row) === epochOf(rev)) return numberOf(row) >= numberOf(rev)
  return epochOf(row) === announced
}
