// CEL over the fields of a record: the same answers as server/hushui/kinds/cel.py, tied by
// tests/kinds/test_both.py.

import '../older.ts'
import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { Field, Rule, Table } from '../generated/kinds.ts'

export type Fields = Readonly<Record<string, Field>>
export type Values = Readonly<Record<string, unknown>>
export type Variables = Readonly<Record<string, unknown>>

const NAME = /[A-Za-z_][A-Za-z_0-9]*/g
const STRING = /"[^"]*"|'[^']*'/g

/** The variables of a condition: every figure typed as described, what is missing left out. */
export function inputs(fields: Fields, values: Values): Variables {
  const found: Record<string, unknown> = {}
  const absent: string[] = []
  for (const [name, field] of Object.entries(fields)) {
    if (isMissing(values[name])) absent.push(name)
    else found[name] = typed(field, values[name])
  }
  return { ...found, absent }
}

/** JSON knows one kind of number, CEL two: only what is described as whole is whole. */
function typed(field: Field, value: unknown): unknown {
  switch (field.type) {
    case 'integer':
    case 'time':
      return isWhole(value) ? BigInt(value) : value
    case 'rows':
      return Array.isArray(value)
        ? value.filter(isObject).map((item) => typedRow(field.fields ?? {}, item))
        : value
    case 'text':
    case 'number':
    case 'bool':
    case 'choice':
    case 'choices':
    case 'ref':
    case 'refs':
    case 'geo':
    case 'polygon':
    case 'line':
    case 'sha256':
      return value
  }
}

function typedRow(parts: Fields, item: Values): Values {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]) =>
      isMissing(item[name]) ? [] : [[name, typed(part, item[name])]],
    ),
  )
}

const isWhole = (value: unknown): value is number =>
  Number.isInteger(value) && Math.abs(value as number) < 2 ** 63

export const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function isMissing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value))
}

/** Not trim(): its blanks are not those of Python's strip(). */
const isBlank = (text: string) => /^\p{White_Space}*$/u.test(text)

/** False also for what is unknown: something it asks for is missing, or of another type. */
export function holds(condition: string, variables: Variables): boolean {
  try {
    return compiled(condition)(variables) === true
  } catch {
    return false
  }
}

// As in Python: names are not declared, lists may mix whole numbers and decimals.
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
})

const compiled = cached((condition): ParseResult => environment.parse(condition))

/** The names a condition may speak of, texts left out. In quotes only after `absent`. */
export const asks = cached((condition): ReadonlySet<string> => {
  const named = new Set(condition.replace(STRING, '').match(NAME) ?? [])
  if (named.has('absent')) {
    for (const text of condition.match(STRING) ?? []) named.add(text.slice(1, -1))
  }
  return named
})

/** The conditions are those of the kinds: as many as there are, and no more. */
function cached<T>(make: (condition: string) => T): (condition: string) => T {
  const known = new Map<string, T>()
  return (condition) => {
    const found = known.get(condition)
    if (found !== undefined) return found
    const made = make(condition)
    known.set(condition, made)
    return made
  }
}

export function triggered(rules: readonly Rule[], variables: Variables): readonly Rule[] {
  return rules.filter((rule) => holds(rule.when, variables))
}

export function decide<T extends Table>(
  table: T,
  variables: Variables,
): T['rows'][number] | undefined {
  return table.rows.find((row) => holds(row.when, variables))
}
