// A kind, and a field of it, by name.

import { kinds, type Field, type Guard, type Kind, type KindCode } from '../generated/kinds.ts'

export const kindOf = (code: KindCode): Kind => kinds[code]

export function fieldOf(kind: KindCode, name: string): Field | undefined {
  return kindOf(kind).fields[name]
}

/**
 * What a refused line broke (`blocked`), if only one thing can have been said there. A guard is
 * asked by the server alone: no form could tell before.
 */
export function blockOf(kind: KindCode, field: string): Guard | undefined {
  const { rules, guards } = kindOf(kind)
  const said = [...rules, ...guards].filter((it) => it.effect === 'block' && it.field === field)
  return said.length === 1 ? said[0] : undefined
}
