// A kind's description and a draft in, what a form shows out. No framework, no words of its own.

import type { Field, KindCode, PhotoNeed, Rule } from '../generated/kinds.ts'
import { holds, inputs, isMissing, type Values, type Variables } from './cel.ts'
import { fieldOf, kindOf } from './field.ts'
import { sections, type Section } from './layout.ts'
import { broken, faults, validate, type Fault } from './validate.ts'

export type { Values } from './cel.ts'

export interface ShownField {
  readonly name: string
  readonly field: Field
  readonly required: boolean
}

export interface ShownSection {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly fields: readonly ShownField[]
  /** Seldom needed: folded until somebody opens it or something stands in it. */
  readonly folded: boolean
}

/** What the form shows now, in the order of the form. */
export function visible(
  kind: KindCode,
  values: Values,
  form: readonly Section[] = sections(kind),
): readonly ShownSection[] {
  const variables = inputs(kindOf(kind).fields, values)
  return form
    .map(({ code, zh, en, folded, fields }) => ({
      id: code,
      zh,
      en,
      fields: fields.flatMap((name) => shownField(kind, name, values, variables)),
      folded: folded && !fields.some((name) => isFilled(values[name])),
    }))
    .filter((section) => section.fields.length > 0)
}

function shownField(
  kind: KindCode,
  name: string,
  values: Values,
  variables: Variables,
): readonly ShownField[] {
  const field = fieldOf(kind, name)
  if (!field || !isShown(field, values)) return []
  return [{ name, field, required: isRequired(field, variables) }]
}

/** Every fault of what the form shows, in the order of the description. */
export function wrongs(kind: KindCode, values: Values): readonly Fault[] {
  const { fields } = kindOf(kind)
  const found = faults(fields, withoutHidden(kind, values), { isNew: true })
  return [...found].filter((it) => isShown(fields[it.field]!, values))
}

export interface RowFault {
  /** Its place in the list. */
  readonly row: number
  readonly fault: Fault
}

/** Of a list written as one value: which of its rows are wrong, and in what. */
export function wrongRows(field: Field, value: unknown): readonly RowFault[] {
  if (field.type !== 'rows' || !Array.isArray(value)) return []
  return (value as readonly Values[]).flatMap((values, row) => {
    const fault = validate(field.fields ?? {}, values, { isNew: true })
    return fault === null ? [] : [{ row, fault }]
  })
}

/** The rules that speak up: `block` stops the submit, `ask` wants a second look. */
export function spoken(kind: KindCode, values: Values, effect: Rule['effect']): readonly Rule[] {
  const rules = broken(kindOf(kind), withoutHidden(kind, values), { isNew: true })
  return rules.filter((it) => it.effect === effect)
}

function isRequired(field: Field, variables: Variables): boolean {
  return field.required === true || (field.needed !== undefined && holds(field.needed, variables))
}

export function isShown({ shown }: Field, values: Values): boolean {
  if (shown === undefined) return true
  const value = values[shown.field]
  const has = (item: unknown) => typeof item === 'string' && shown.any.includes(item)
  return Array.isArray(value) ? value.some(has) : has(value)
}

export const isFilled = (value: unknown): boolean => !isMissing(value)

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

/** What stands in fields that the form does not show any more; cleared before a submit. */
export function hiddenOf(kind: KindCode, values: Values): readonly string[] {
  return Object.keys(values).filter((name) => {
    const field = fieldOf(kind, name)
    return field !== undefined && !isShown(field, values) && isFilled(values[name])
  })
}

function withoutHidden(kind: KindCode, values: Values): Values {
  const hidden = hiddenOf(kind, values)
  return Object.fromEntries(Object.entries(values).filter(([name]) => !hidden.includes(name)))
}

/**
 * 同上次: what stays the same from one job to the next of its kind, where nothing of it is filled in
 * yet. Never what was so at one time only: a permit, an answer about safety, a measure. The place of
 * the last one only where `values` has none: a fix of today beside yesterday's 桩号 is wrong.
 */
export function sameAsLast(kind: KindCode, last: Values, values: Values): Record<string, unknown> {
  const isElsewhere = isFilled(values['zone']) && values['zone'] !== last['zone']
  const isPlaced = isFilled(values['place']) || isFilled(values['chainage']) || isElsewhere
  const keep = sections(kind)
    .flatMap(({ fields, once }) =>
      fields.filter((name) => !(fieldOf(kind, name)?.once ?? once) && !CARRIED.includes(name)),
    )
    // A chainage with its zone: without, it would name a place on another river.
    .concat(isPlaced ? [] : CARRIED, !isPlaced && isFilled(last['chainage']) ? 'zone' : [])
    .filter((name) => isFilled(last[name]) && !isFilled(values[name]))
  return Object.fromEntries(keep.map((name) => [name, structuredCopy(last[name])]))
}

const CARRIED = ['chainage', 'chainage_to', 'bank']

function structuredCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}

export type Slot = PhotoNeed['slots'][number]

/** Which photos a record cannot do without, unless a reason is written: the first need counts. */
export function photoNeeds(kind: KindCode, values: Values): readonly Slot[] {
  const { fields, photos } = kindOf(kind)
  const variables = inputs(fields, values)
  return photos.find(({ when }) => when == null || holds(when, variables))?.slots ?? []
}

/** The slots still empty that stop the submit; none when the reason is written. */
export function missingPhotos(
  kind: KindCode,
  values: Values,
  taken: readonly Slot[],
): readonly Slot[] {
  if (isFilled(values['no_photo_reason'])) return []
  return photoNeeds(kind, values).filter((slot) => !taken.includes(slot))
}
