// Why something was corrected or made void stands in the record's own free text: it travels with the
// version that changed it.

import type { KindCode } from '../../generated/kinds.ts'
import { type Values } from '../../forms/engine.ts'
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
