// What is wrong with a record: the same faults in the same order as validate and broken of
// server/hushui/kinds/describe.py, tied by tests/kinds/test_both.py. Knows no kind by name.

import { geoParts, geoSources, patterns } from '../generated/kinds.ts'
import type { Field, Kind, Rule } from '../generated/kinds.ts'
import { asks, holds, inputs, isMissing, isObject, triggered } from './cel.ts'
import type { Fields, Values } from './cel.ts'

export type Code = 'required' | 'out_of_range' | 'too_long' | 'unknown_choice' | 'wrong_type'

/** `code`: a key of the text group `refusal`. */
export interface Fault {
  readonly field: string
  readonly code: Code
}

/** `after`: the record with what is written (default: nothing else stands in it). */
export interface Writing {
  readonly isNew: boolean
  readonly after?: Values
}

/** The first fault in the order of the form. Unknown fields pass: they are kept. */
export function validate(fields: Fields, values: Values, writing: Writing): Fault | null {
  for (const fault of faults(fields, values, writing)) return fault
  return null
}

/** Every fault. Null clears a field, unless it is required. */
export function* faults(fields: Fields, values: Values, writing: Writing): Generator<Fault> {
  for (const [name, field] of Object.entries(fields)) {
    if (isMissing(values[name]) && mustStand(name, fields, values, writing)) {
      yield { field: name, code: 'required' }
    } else if (isThere(values[name])) {
      const code = faultIn(field, values[name])
      if (code !== null) yield { field: name, code }
    }
  }
}

/** An edit that touches nothing a condition asks for is not held to it. */
function mustStand(
  name: string,
  fields: Fields,
  values: Values,
  { isNew, after = values }: Writing,
): boolean {
  const field = fields[name]!
  if (field.required) return isNew || isWritten(name, values)
  if (field.needed === undefined || !isMissing(after[name])) return false
  const touched = isNew || isWritten(name, values) || touches(field.needed, values)
  return touched && holds(field.needed, inputs(fields, after))
}

/** The rules that speak up about what is written, in their order. */
export function broken(kind: Kind, values: Values, writing: Writing): readonly Rule[] {
  const variables = inputs(kind.fields, writing.after ?? values)
  const asked = kind.rules.filter((rule) => writing.isNew || touches(rule.when, values))
  return triggered(asked, variables)
}

const isThere = (value: unknown) => value !== undefined && value !== null
const isWritten = (name: string, values: Values) => values[name] !== undefined
const touches = (condition: string, values: Values) =>
  [...asks(condition)].some((name) => isWritten(name, values))

export function faultIn(field: Field, value: unknown): Code | null {
  switch (field.type) {
    case 'text':
      return textFault(field, value)
    case 'number':
      return numberFault(field, value)
    case 'integer':
    case 'time':
      return integerFault(field, value)
    case 'bool':
      return typeof value === 'boolean' ? null : 'wrong_type'
    case 'choice':
      return choiceFault(field, value)
    case 'choices':
      return listFault(field, value, (item) => choiceFault(field, item))
    case 'ref':
      return matchFault(patterns.id, value)
    case 'refs':
      return listFault(field, value, (item) => matchFault(patterns.id, item))
    case 'sha256':
      return matchFault(patterns.sha256, value)
    case 'geo':
      return geoFault(value)
    case 'polygon':
    case 'line':
      return positionsFault(field, value)
    case 'rows':
      return listFault(field, value, (item) => rowFault(field, item))
  }
}

function textFault(field: Field, value: unknown): Code | null {
  if (typeof value !== 'string') return 'wrong_type'
  if (field.length !== undefined && [...value].length > field.length) return 'too_long'
  return value !== '' && field.pattern ? matchFault(field.pattern, value) : null
}

function matchFault(pattern: string, value: unknown): Code | null {
  const whole = new RegExp(`^(?:${pattern})$`, 'u')
  return typeof value === 'string' && whole.test(value) ? null : 'wrong_type'
}

function numberFault(field: Field, value: unknown): Code | null {
  if (typeof value !== 'number') return 'wrong_type'
  const inRange = value >= (field.min ?? -Infinity) && value <= (field.max ?? Infinity)
  return inRange ? null : 'out_of_range'
}

function integerFault(field: Field, value: unknown): Code | null {
  if (typeof value === 'number' && !Number.isInteger(value)) return 'wrong_type'
  return numberFault(field, value)
}

function choiceFault(field: Field, value: unknown): Code | null {
  if (typeof value !== 'string') return 'wrong_type'
  return field.choices?.some((choice) => choice.code === value) ? null : 'unknown_choice'
}

function listFault(
  field: Field,
  value: unknown,
  itemFault: (item: unknown) => Code | null,
): Code | null {
  if (!Array.isArray(value)) return 'wrong_type'
  if (value.length > (field.count_max ?? Infinity)) return 'too_long'
  if (value.length < (field.count_min ?? 0)) return 'required'
  return firstOf(value, itemFault)
}

function geoFault(value: unknown): Code | null {
  if (!isObject(value) || typeof value['source'] !== 'string') return 'wrong_type'
  const source = value['source']
  if (!geoSources.some((known) => known === source)) return 'unknown_choice'
  const must = source === 'none' ? [] : ['lon', 'lat']
  if (must.some((name) => !isThere(value[name]))) return 'wrong_type'
  return firstOf(Object.entries(geoParts), ([name, part]) =>
    isThere(value[name]) ? numberFault(part, value[name]) : null,
  )
}

function positionsFault(field: Field, value: unknown): Code | null {
  const code = listFault(field, value, positionFault)
  return code === 'required' ? 'wrong_type' : code
}

function positionFault(value: unknown): Code | null {
  if (!Array.isArray(value) || value.length !== 2) return 'wrong_type'
  return numberFault(geoParts.lon, value[0]) ?? numberFault(geoParts.lat, value[1])
}

function rowFault(field: Field, value: unknown): Code | null {
  if (!isObject(value)) return 'wrong_type'
  return validate(field.fields ?? {}, value, { isNew: true })?.code ?? null
}

function firstOf<T>(items: readonly T[], faultOf: (item: T) => Code | null): Code | null {
  for (const item of items) {
    const code = faultOf(item)
    if (code !== null) return code
  }
  return null
}
