// Why something was corrected or made void stands in the record's own free text: it travels with the
// version that changed it.

import type { KindCode } from '../../generated/kinds.ts'
import { isFilled, missingPhotos, type Slot, type Values } from '../../forms/engine.ts'
import { fieldOf } from '../../forms/field.ts'

const FREE_TEXT: Partial<Record<KindCode, string>> = {
  hazard: 'note',
  work: 'note',
  event: 'note',
  patrol: 'summary',
  grant: 'note',
}

export const hasReason = (kind: KindCode): boolean => FREE_TEXT[kind] !== undefined

/** The free text with the reason as its last line; the oldest words give way when it gets too long. */
export function withReason(kind: KindCode, values: Values, reason: string): Record<string, string> {
  const name = FREE_TEXT[kind]
  if (name === undefined) return {}
  const before = typeof values[name] === 'string' ? values[name] : ''
  const text = [...[before, reason].filter(Boolean).join('\n')]
  const most = fieldOf(kind, name)?.length ?? text.length
  return { [name]: text.slice(-most).join('') }
}

interface PhotosAdded {
  readonly earlier: readonly Slot[]
  readonly taken: readonly Slot[]
  readonly said: (taken: readonly Slot[]) => string
}

/** What photos added to a record change in it: why there were none, or else, alone, that they are new. */
export function noteOfPhotos(
  kind: KindCode,
  values: Values,
  standing: Values,
  { earlier, taken, said }: PhotosAdded,
): Values {
  const hadNone = { ...values, no_photo_reason: null }
  if (isFilled(values['no_photo_reason'])) {
    const missing = missingPhotos(kind, hadNone, [...earlier, ...taken])
    if (missing.length === 0) return { no_photo_reason: null }
  }
  return isSame(values, standing) ? withReason(kind, values, said(taken)) : {}
}

const isSame = (one: Values, other: Values): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
    (name) => JSON.stringify(one[name] ?? null) === JSON.stringify(other[name] ?? null),
  )
