// What is looked at: on a round what belongs to the structures of its zone, in a work what it is about.

import { checkOf, round, workLists } from '../generated/checklists.ts'
import type { Field, KindCode, Patrol, Work, Zone } from '../generated/kinds.ts'
import type { Values } from './engine.ts'

type Rows = Patrol['checklist'] | Work['checklist']

/** Where nobody said what stands there. */
const USUAL: NonNullable<Zone['object_classes']> = ['dike']

/** The checklist with those items only, and with what was answered already. */
export function roundOf(
  field: Field,
  zone: Partial<Zone> | null | undefined,
  rows: Rows | undefined,
): Field {
  const classes = zone?.object_classes?.length ? zone.object_classes : USUAL
  return listOf(
    field,
    classes.flatMap((it) => round[it]),
    rows,
  )
}

/** The field as the form draws it: the checklist of a work without the items of any other. */
export function narrowed(kind: KindCode, name: string, field: Field, values: Values): Field {
  if (kind !== 'work' || name !== 'checklist') return field
  const { work_kind, checklist } = values as Partial<Work>
  const codes = (workLists as Readonly<Record<string, readonly string[]>>)[work_kind ?? '']
  return codes === undefined ? field : listOf(field, codes, checklist)
}

function listOf(field: Field, codes: readonly string[], rows: Rows | undefined): Field {
  const asked = new Set<string>([...codes, ...(rows ?? []).map(({ item }) => item)])
  const item = field.fields?.['item']
  if (!item) return field
  const choices = (item.choices ?? []).filter(({ code }) => asked.has(code))
  return { ...field, fields: { ...field.fields, item: { ...item, choices } } }
}

export type Checked = keyof typeof checkOf

/** Structures that are checked by themselves, and as which work; the rest is looked at on a round. */
export const workOfCheck = (what: string | undefined): (typeof checkOf)[Checked] | undefined =>
  what !== undefined && what in checkOf ? checkOf[what as Checked] : undefined

export const isCheck = (kind: KindCode, values: Values): boolean =>
  kind === 'work' && (Object.values(checkOf) as unknown[]).includes(values['work_kind'])

// ---- what is not in order --------------------------------------------------------------------------

export interface Row {
  readonly item: string
  readonly answer: 'ok' | 'abnormal' | 'not_checked'
  readonly note?: string | null
  readonly no_photo?: string | null
}

export const rowsOf = (values: Values): readonly Row[] =>
  Array.isArray(values['checklist']) ? (values['checklist'] as readonly Row[]) : []

const ITEM = /^checklist\.(.+)$/

/** What a photo of one item says that it belongs to. */
export const fieldOfItem = (item: string): string => `checklist.${item}`
export const itemOfField = (field: string | null | undefined): string | undefined =>
  ITEM.exec(field ?? '')?.[1]

/** Not in order, and neither a photo nor why there is none. `shown`: fields that have a photo. */
export function unshown(rows: readonly Row[], shown: readonly (string | null)[]): readonly Row[] {
  return rows.filter(
    ({ item, answer, no_photo }) =>
      answer === 'abnormal' && !no_photo && !shown.includes(fieldOfItem(item)),
  )
}

/** The rows with the reason wherever there is neither it nor a photo. */
export function withReason(
  rows: readonly Row[],
  lacking: readonly Row[],
  why: string,
): readonly Row[] {
  const items = lacking.map(({ item }) => item)
  return rows.map((row) => (items.includes(row.item) ? { ...row, no_photo: why } : row))
}
