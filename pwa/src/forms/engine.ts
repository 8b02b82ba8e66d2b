// A kind's description and a draft in, what a form shows out. No framework, no words of its own.

import type { Choice, Field, KindCode, When } from '../generated/kinds.ts'
import { kinds } from '../generated/kinds.ts'
import { fieldOf } from './field.ts'
import { sections, type Section } from './layout.ts'

export type Values = Readonly<Record<string, unknown>>

export interface ShownField {
  readonly name: string
  readonly field: Field
  readonly required: boolean
}

export interface ShownSection {
  readonly id: string
  readonly fields: readonly ShownField[]
  /** Seldom needed: folded until somebody opens it or something stands in it. */
  readonly folded: boolean
}

/** `code`: a key of the text group `refusal`. */
export interface Wrong {
  readonly field: string
  readonly code: 'required' | 'out_of_range' | 'too_long' | 'unknown_choice' | 'wrong_type'
}

/** What the form shows now, in the order of the form. */
export function visible(kind: KindCode, values: Values): readonly ShownSection[] {
  return sections(kind, values)
    .map((section) => ({
      id: section.id,
      fields: shownFields(kind, section, values),
      folded: section.folded === true && !section.fields.some((name) => isFilled(values[name])),
    }))
    .filter((section) => section.fields.length > 0)
}

function shownFields(kind: KindCode, section: Section, values: Values): readonly ShownField[] {
  return section.fields.flatMap((name) => {
    const field = fieldOf(kind, name)
    if (!field || !holds(field.shown, values)) return []
    return [{ name, field, required: isRequired(field, values) }]
  })
}

/** Every rule broken, in the order of the description. */
export function wrongs(kind: KindCode, values: Values): readonly Wrong[] {
  const fields = Object.entries(kinds[kind].fields as Readonly<Record<string, Field>>)
  return fields.flatMap(([name, field]) => {
    if (!holds(field.shown, values)) return []
    const value = values[name]
    if (!isFilled(value)) {
      return isRequired(field, values) ? [{ field: name, code: 'required' as const }] : []
    }
    const code = wrongOf(field, value)
    return code === undefined ? [] : [{ field: name, code }]
  })
}

function wrongOf(field: Field, value: unknown): Wrong['code'] | undefined {
  switch (field.type) {
    case 'number':
    case 'integer':
      if (typeof value !== 'number' || Number.isNaN(value)) return 'wrong_type'
      return value < (field.min ?? -Infinity) || value > (field.max ?? Infinity)
        ? 'out_of_range'
        : undefined
    case 'text':
      if (typeof value !== 'string') return 'wrong_type'
      return [...value].length > (field.length ?? Infinity) ? 'too_long' : undefined
    case 'choice':
      return knows(field.choices, value) ? undefined : 'unknown_choice'
    case 'choices':
      if (!Array.isArray(value)) return 'wrong_type'
      if (value.length > (field.count_max ?? Infinity)) return 'too_long'
      return value.every((item) => knows(field.choices, item)) ? undefined : 'unknown_choice'
    case 'refs':
    case 'rows':
      if (!Array.isArray(value)) return 'wrong_type'
      return value.length > (field.count_max ?? Infinity) ? 'too_long' : undefined
    case 'bool':
    case 'ref':
    case 'time':
    case 'geo':
    case 'polygon':
    case 'line':
    case 'sha256':
      return undefined
  }
}

const knows = (choices: readonly Choice[] | undefined, value: unknown) =>
  choices?.some((choice) => choice.code === value) ?? false

export function isRequired(field: Field, values: Values): boolean {
  return field.required === true || (field.needed !== undefined && holds(field.needed, values))
}

/** Absent means always. */
export function holds(when: When | undefined, values: Values): boolean {
  if (when === undefined) return true
  const value = values[when.field]
  const has = (item: unknown) => typeof item === 'string' && when.any.includes(item)
  return Array.isArray(value) ? value.some(has) : has(value)
}

export function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

/** One press of plus or minus: a figure is reached in few presses, and no digit is out of reach. */
export function stepOf(field: Field): number {
  if (field.type === 'integer') return 1
  const known = STEPS[field.unit ?? '']
  if (known !== undefined) return known
  return 10 ** -Math.min(field.decimals ?? 0, 1)
}

const STEPS: Readonly<Record<string, number>> = {
  m3: 1,
  m2: 10,
  t: 0.05,
  h: 0.5,
  m: 0.1,
  MΩ: 1,
  '℃': 1,
}

/** Fields of the visible form that nobody has filled and nobody must. */
export function clearedOfHidden(kind: KindCode, values: Values): readonly string[] {
  return Object.keys(values).filter((name) => {
    const field = fieldOf(kind, name)
    return field !== undefined && !holds(field.shown, values) && isFilled(values[name])
  })
}

/** 同上次: what stays the same from one job to the next of its kind. */
export function sameAsLast(kind: KindCode, last: Values): Record<string, unknown> {
  const keep = sections(kind, last)
    .flatMap((section) => section.fields)
    .concat(CARRIED)
    .filter((name) => !FRESH.includes(name))
  return Object.fromEntries(
    keep.flatMap((name) => {
      const value = last[name]
      return isFilled(value) ? [[name, structuredCopy(value)]] : []
    }),
  )
}

const CARRIED = ['chainage', 'chainage_to', 'bank']
const FRESH = ['note', 'no_photo_reason']

function structuredCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}

export interface PhotoNeeds {
  readonly slots: readonly Slot[]
  /** Without a photo in every slot, a reason must be given. */
  readonly orReason: boolean
}

export type Slot = 'before' | 'after' | 'scene' | 'detail'

/** Which photos a record cannot do without. */
export function photoNeeds(kind: KindCode, values: Values): PhotoNeeds {
  if (kind === 'work') return { slots: ['before', 'after'], orReason: true }
  if (kind === 'event') {
    const handled = values['handled_on_spot'] === true
    return { slots: handled ? ['before', 'after'] : ['scene'], orReason: true }
  }
  if (kind === 'hazard') return { slots: ['scene'], orReason: true }
  return { slots: [], orReason: false }
}

/** The slots still empty that stop the submit; none when the reason is written. */
export function missingPhotos(
  kind: KindCode,
  values: Values,
  taken: readonly Slot[],
): readonly Slot[] {
  const { slots, orReason } = photoNeeds(kind, values)
  if (orReason && isFilled(values['no_photo_reason'])) return []
  if (kind === 'hazard' && taken.length > 0) return []
  return slots.filter((slot) => !taken.includes(slot))
}
