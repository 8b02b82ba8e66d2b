// A draft in an app that was updated meanwhile: what was filled in and has no place in the form of now.
//
// Nothing of it is dropped by itself. A field that the form does not know goes along: the server keeps
// it (V08). A choice it does not know, and a field it does not show, cannot be sent (V09): the person
// says where it goes.

import type { Field, KindCode } from '../generated/kinds.ts'
import { hiddenOf, isFilled, type Values } from './engine.ts'
import { fieldOf } from './field.ts'
import { faultIn } from './validate.ts'

/** So much of a field that a later form can still say what stood in it. */
export type Known = Pick<Field, 'type' | 'zh' | 'en' | 'unit' | 'choices'>
export type KnownFields = Readonly<Record<string, Known>>

export interface Leftover {
  readonly name: string
  /** field: goes along. choice, hidden: cannot be sent. */
  readonly sort: 'field' | 'choice' | 'hidden'
  /** Of a list only what has no place. */
  readonly value: unknown
  /** undefined: filled in before this was remembered. */
  readonly known: Known | undefined
}

/** What is filled in, described as it was when it was filled in. */
export function remembered(kind: KindCode, values: Values, before: KnownFields): KnownFields {
  const filled = Object.keys(values).filter((name) => isFilled(values[name]))
  return Object.fromEntries(
    filled.flatMap((name) => {
      const known = knownOf(fieldOf(kind, name), values[name], before[name])
      return known === undefined ? [] : [[name, known]]
    }),
  )
}

function knownOf(
  field: Field | undefined,
  value: unknown,
  before: Known | undefined,
): Known | undefined {
  if (field === undefined) return before
  if (!isOfType(field, value)) return before ?? essence(field, [])
  const codes = [value].flat()
  const all = [...(field.choices ?? []), ...(before?.choices ?? [])]
  const chosen = all.filter(
    (it, n) => codes.includes(it.code) && all.findIndex(({ code }) => code === it.code) === n,
  )
  return essence(field, chosen)
}

function essence({ type, zh, en, unit }: Field, chosen: readonly Choice[]): Known {
  const choices = chosen.map((it) => ({ code: it.code, zh: it.zh, en: it.en }))
  return {
    ...{ type, zh, en },
    ...(unit === undefined ? {} : { unit }),
    ...(choices.length === 0 ? {} : { choices }),
  }
}

type Choice = NonNullable<Field['choices']>[number]

/** `isOlder`: the draft was begun with another form than this one. */
export function leftovers(
  kind: KindCode,
  values: Values,
  known: KnownFields,
  isOlder: boolean,
): readonly Leftover[] {
  const hidden = isOlder ? hiddenOf(kind, values) : []
  return Object.keys(values).flatMap((name): readonly Leftover[] => {
    const value = values[name]
    if (!isFilled(value)) return []
    const field = fieldOf(kind, name)
    const about = { name, known: known[name] ?? field }
    if (field === undefined) return isOlder ? [{ ...about, sort: 'field', value }] : []
    const lost = withoutPlace(field, value)
    if (isFilled(lost)) return [{ ...about, sort: 'choice', value: lost }]
    return hidden.includes(name) ? [{ ...about, sort: 'hidden', value }] : []
  })
}

/** null: all of it has its place. */
function withoutPlace(field: Field, value: unknown): unknown {
  if (!isOfType(field, value)) return value
  if (Array.isArray(value)) return value.filter((item) => isUnknown(field, item))
  return isUnknown(field, value) ? value : null
}

function isUnknown(field: Field, item: unknown): boolean {
  if (field.type === 'rows') return rowHasUnknown(field, item)
  if (field.type !== 'choice' && field.type !== 'choices') return false
  return !field.choices?.some(({ code }) => code === item)
}

function rowHasUnknown({ fields = {} }: Field, row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return true
  return Object.entries(row).some(([name, value]) => {
    const part = fields[name]
    return part !== undefined && isFilled(value) && faultIn(part, value) === 'unknown_choice'
  })
}

const LISTS: readonly Field['type'][] = ['choices', 'refs', 'rows', 'polygon', 'line']
const FIGURES: readonly Field['type'][] = ['number', 'integer', 'time']

/** Else no part of the form can show it. */
function isOfType({ type }: Field, value: unknown): boolean {
  if (LISTS.includes(type)) return Array.isArray(value)
  if (FIGURES.includes(type)) return typeof value === 'number'
  if (type === 'geo') return typeof value === 'object'
  return typeof value === (type === 'bool' ? 'boolean' : 'string')
}

/** What is left of its field; undefined: the field goes altogether. */
export function remaining(values: Values, { name, sort, value }: Leftover): unknown {
  const whole = values[name]
  if (sort !== 'choice' || !Array.isArray(whole) || !Array.isArray(value)) return undefined
  const rest = whole.filter((item) => !value.includes(item))
  return rest.length === 0 ? undefined : rest
}

/** The note with the leftover in it; null: it has no room, or the kind has no note. */
export function notedIn(kind: KindCode, values: Values, words: string): string | null {
  const note = fieldOf(kind, 'note')
  if (note?.type !== 'text') return null
  const text = [values['note'], words].filter(isFilled).join('\n')
  return faultIn(note, text) === null ? text : null
}
