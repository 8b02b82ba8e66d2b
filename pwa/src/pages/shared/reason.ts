// Why something was corrected or made void stands in a field of its own: it travels with the version
// that changed it, and never takes the place of the note.

import type { KindCode } from '../../generated/kinds.ts'
import { isFilled, missingPhotos, type Slot, type Values } from '../../forms/engine.ts'
import { fieldOf } from '../../forms/field.ts'
import { lettersOver } from '../../ui/letters.ts'

const NAME = 'correction'

export const hasReason = (kind: KindCode): boolean => fieldOf(kind, NAME) !== undefined

/** What a person may write; the app has words of its own around it. */
export const REASON_MOST = 60
export const isReasonTooLong = (reason: string): boolean => lettersOver(reason, REASON_MOST) > 0

/** `again`: the words for the reason that stands there already, so that this version has one too. */
export function withReason(
  kind: KindCode,
  values: Values,
  reason: string,
  again: (reason: string) => string,
): Record<string, string> {
  const most = fieldOf(kind, NAME)?.length
  if (most === undefined) return {}
  const words = values[NAME] === reason ? again(reason) : reason
  return { [NAME]: [...words].slice(0, most).join('') }
}

/** Proposed by the app until somebody chooses, so no correction of anybody's. */
const PROPOSED = 'level'
const OF_THE_LINE = [NAME, 'no_photo_reason']

export interface Against {
  /** What stands there with words of its own: to change it is to correct it. */
  readonly replaced: readonly string[]
  /** What was empty. */
  readonly filled: readonly string[]
}

/** `byHand`: the level was chosen by a person. */
export function against(values: Values, standing: Values, byHand: boolean): Against {
  const names = [...new Set([...Object.keys(values), ...Object.keys(standing)])].filter(
    (name) => !OF_THE_LINE.includes(name) && !isEqual(values[name], standing[name]),
  )
  const isOwn = (name: string) => name !== PROPOSED || byHand
  return {
    replaced: names.filter((name) => isFilled(standing[name]) && isOwn(name)),
    filled: names.filter((name) => !isFilled(standing[name])),
  }
}

const isEqual = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

interface PhotosAdded {
  readonly earlier: readonly Slot[]
  readonly taken: readonly Slot[]
  readonly said: (taken: readonly Slot[]) => string
  readonly again: (reason: string) => string
}

/** What photos added to a record change in it: why there were none, or else, alone, that they are new. */
export function noteOfPhotos(
  kind: KindCode,
  values: Values,
  standing: Values,
  { earlier, taken, said, again }: PhotosAdded,
): Values {
  const hadNone = { ...values, no_photo_reason: null }
  if (isFilled(values['no_photo_reason'])) {
    const missing = missingPhotos(kind, hadNone, [...earlier, ...taken])
    if (missing.length === 0) return { no_photo_reason: null }
  }
  return isSame(values, standing) ? withReason(kind, values, said(taken), again) : {}
}

/** The office's words, where the author of a correction gave none of his own. */
export function reasonOfReturn(
  kind: KindCode,
  values: Values,
  standing: Values,
  said: string,
  again: (reason: string) => string,
): Values {
  const hasOwn = (values[NAME] ?? null) !== (standing[NAME] ?? null)
  return hasOwn || isSame(values, standing) ? {} : withReason(kind, values, said, again)
}

const isSame = (one: Values, other: Values): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) =>
    isEqual(one[name], other[name]),
  )
