// Which columns a table of a kind has: the common ones, then every field of the description in the
// order of its form (server/hushui/kinds/columns.py has the same rule for every export).

import { fieldOf, kindOf } from '../../../forms/field.ts'
import { isFilled } from '../../../forms/engine.ts'
import type { Field, KindCode } from '../../../generated/kinds.ts'
import { isFact } from '../../shared/facts.ts'

export const COMMON = [
  'kind',
  'title',
  'number',
  'author',
  'zone',
  'chainage',
  'captured',
  'received',
  'state',
  'version',
] as const

type CommonColumn = (typeof COMMON)[number]

export interface FieldColumn {
  /** `fields.NAME`, of a position `fields.NAME.lon`. */
  readonly id: string
  readonly name: string
  readonly field: Field
  readonly part: 'whole' | 'lon' | 'lat'
}

export type Column = { readonly id: CommonColumn; readonly common: CommonColumn } | FieldColumn

/** Of many kinds at once there is only what all of them have. */
const ACROSS: readonly CommonColumn[] = ['kind', 'title', 'author', 'zone', 'captured', 'state']

/** Those that an export has too. */
const SHARED = COMMON.filter((id) => id !== 'kind' && id !== 'title')

/**
 * What stands over a field, as every export says it: where a common column of the table is called the
 * same, the kind's name before it. `chinese`: what a common column is called in the first language.
 */
export function labelOf(
  { field }: FieldColumn,
  kind: KindCode,
  chinese: (id: CommonColumn) => string,
): Pick<Field, 'zh' | 'en'> {
  const isTaken = !field.unit && SHARED.some((id) => isOf(kind, id) && chinese(id) === field.zh)
  const { zh, en } = kindOf(kind)
  return isTaken ? { zh: `${zh}${field.zh}`, en: `${en}: ${field.en}` } : field
}

/** The unit said once over the column; undefined: its cells say what they are of. */
export function unitOver({ name, field, part }: FieldColumn): string | undefined {
  if (part !== 'whole') return '°'
  // K5+860 stands in the common column; beside it, as in an export, the metres.
  const isChainage = name.startsWith('chainage') && name !== 'chainage'
  return isChainage || field.unit === 'B' ? undefined : field.unit
}

const common = (id: CommonColumn): Column => ({ id, common: id })

export function columnsOf(kind: KindCode | null): readonly Column[] {
  if (kind === null) return ACROSS.map(common)
  const shared = COMMON.filter((id) => id !== 'kind' && isOf(kind, id)).map(common)
  const own = Object.entries(kindOf(kind).fields).flatMap(([name, field]) => ofField(name, field))
  return [...shared, ...own]
}

export function isOf(kind: KindCode, id: CommonColumn): boolean {
  if (id === 'number') return kindOf(kind).numbered !== null
  if (id === 'state') return isFact(kind)
  if (id === 'zone' || id === 'chainage') return fieldOf(kind, id) !== undefined
  return true
}

function ofField(name: string, field: Field): readonly Column[] {
  if (field.type !== 'geo') return [{ id: `fields.${name}`, name, field, part: 'whole' }]
  return (['lon', 'lat'] as const).map((part) => ({
    ...{ id: `fields.${name}.${part}`, name, field, part },
  }))
}

/** As many fields as fit beside the common columns on a desk of 1440 px. */
const FIELDS_MAX = 9

/** Of the common columns, what only the careful ask for. */
const RARE: readonly CommonColumn[] = ['received', 'version']

/** Said by a common column already, or too long for a row that is only looked over. */
const SAID = ['zone', 'chainage', 'correction', 'no_photo_reason']
const LONG: readonly Field['type'][] = ['geo', 'polygon', 'line', 'sha256', 'rows']

type Rows = readonly { readonly body: { readonly fields: Readonly<Record<string, unknown>> } }[]

/** The columns of somebody who has chosen none: the required ones, and what the shown rows hold. */
export function startColumns(kind: KindCode | null, rows: Rows): readonly string[] {
  const all = columnsOf(kind)
  const shared = all.filter((it) => 'common' in it && !RARE.includes(it.common)).map(({ id }) => id)
  if (kind === null) return shared
  const inTitle = new Set(kindOf(kind).title)
  const weight = (it: Column): number => {
    if ('common' in it || SAID.includes(it.name) || LONG.includes(it.field.type)) return 0
    // The title says it in words; a figure is wanted as a figure too.
    if (inTitle.has(it.name) && it.field.type !== 'number') return 0
    const filled = rows.filter(({ body }) => isFilled(body.fields[it.name])).length
    return filled + (it.field.required ? rows.length + 1 : 0) + (inTitle.has(it.name) ? 1 : 0)
  }
  const weighty = all
    .map((it) => ({ id: it.id, weight: weight(it) }))
    .filter((it) => it.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, FIELDS_MAX)
    .map(({ id }) => id)
  return all.map(({ id }) => id).filter((id) => shared.includes(id) || weighty.includes(id))
}

/** In the order of the table; the title always stands, it opens the record. */
export function chosenColumns(kind: KindCode | null, ids: readonly string[]): readonly Column[] {
  return columnsOf(kind).filter(({ id }) => id === 'title' || ids.includes(id))
}

export const isNumber = (it: Column): boolean =>
  'common' in it
    ? it.common === 'version'
    : it.part !== 'whole' || it.field.type === 'number' || it.field.type === 'integer'
