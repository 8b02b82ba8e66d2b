// What a table of the kinds has to say beside a field.

import type { KindCode } from '../generated/kinds.ts'
import { tables } from '../generated/tables.ts'
import { decide, inputs, type Values } from './cel.ts'
import { isFilled } from './engine.ts'
import { fieldOf, kindOf } from './field.ts'

/** The row that the values decide; undefined: the field has no table, or nothing is known yet. */
export function adviceOn(kind: KindCode, name: string, values: Values) {
  const code = fieldOf(kind, name)?.table
  const table = Object.entries(tables).find(([known]) => known === code)?.[1]
  if (!table || !isFilled(values[name])) return undefined
  return decide(table, inputs(kindOf(kind).fields, values))
}
