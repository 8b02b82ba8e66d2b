// A kind, and a field of it, by name.

import { kinds, type Field, type Kind, type KindCode } from '../generated/kinds.ts'

export const kindOf = (code: KindCode): Kind => kinds[code]

export function fieldOf(kind: KindCode, name: string): Field | undefined {
  return kindOf(kind).fields[name]
}
