// A field of a kind, by name.

import { kinds, type Field, type KindCode } from '../generated/kinds.ts'

export function fieldOf(kind: KindCode, name: string): Field | undefined {
  return (kinds[kind].fields as Readonly<Record<string, Field>>)[name]
}
