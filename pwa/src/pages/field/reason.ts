// Why something was corrected or made void stands in a field of its own: it travels with the version
// that changed it, and never takes the place of the note.

import type { KindCode } from '../../generated/kinds.ts'
import type { Values } from '../../forms/engine.ts'
import { fieldOf } from '../../forms/field.ts'

const NAME = 'correction'

export const hasReason = (kind: KindCode): boolean => fieldOf(kind, NAME) !== undefined

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
