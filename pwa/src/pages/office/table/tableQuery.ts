// The table's filter as the address carries it, as the server is asked, and as an export is asked.

import type { Id } from '@hushui/sync'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Params } from '../../../app.ts'
import { fieldOf, kindOf } from '../../../forms/field.ts'
import { kinds, type Field, type KindCode } from '../../../generated/kinds.ts'
import { isFact } from '../../shared/facts.ts'
import type { ReviewStand } from '../wire.ts'

export interface TableFilter {
  /** null: across all kinds. */
  readonly kind: KindCode | null
  readonly zone: Id | null
  readonly person: Id | null
  readonly state: TableStand | null
  /** ms; from inclusive, to exclusive. */
  readonly from: number | null
  readonly to: number | null
  readonly q: string
  /** Fields of choices, each with the choices of which it must hold one; '' is one nobody filled. */
  readonly where: Readonly<Record<string, readonly string[]>>
  /** The field of time that `from` and `to` bound; null: when it was recorded. */
  readonly by: string | null
  /** ms; begun before and not ended by then: what a figure of things that are open counts. */
  readonly openAt: number | null
  /** ms; ended in this time. */
  readonly endedFrom: number | null
  readonly endedTo: number | null
}

/** counted: whatever its review says, but not what was rejected. */
export type TableStand = ReviewStand | 'counted'

export const NO_TABLE_FILTER: TableFilter = {
  ...{ kind: null, zone: null, person: null, state: null, from: null, to: null, q: '', where: {} },
  ...{ by: null, openAt: null, endedFrom: null, endedTo: null },
}

export const STANDS = [
  'pending',
  'approved',
  'returned',
  'rejected',
  'counted',
] as const satisfies readonly TableStand[]

const ID = /^[0-7][0-9a-v]{25}$/

export const isKind = (code: unknown): code is KindCode =>
  typeof code === 'string' && Object.hasOwn(kinds, code)

/** What does not belong there is left out: an address may be old, or typed by hand. */
export function filterOfTable(query: LocationQuery): TableFilter {
  const one = (name: string) => {
    const value = query[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const id = (name: string) => {
    const value = one(name)
    return value !== null && ID.test(value) ? value : null
  }
  const ms = (name: string) => {
    const value = Number(one(name) ?? Number.NaN)
    return Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  const kind = isKind(query['kind']) ? query['kind'] : null
  const state = STANDS.find((it) => it === query['state']) ?? null
  return {
    ...{ kind, zone: id('zone'), person: id('person'), from: ms('from'), to: ms('to') },
    state: kind === null || isFact(kind) || state === 'counted' ? state : null,
    q: one('q') ?? '',
    where: whereOf(kind, [query['where'] ?? []].flat()),
    by: timeOf(kind, one('by')),
    ...{ openAt: ms('openAt'), endedFrom: ms('endedFrom'), endedTo: ms('endedTo') },
  }
}

function whereOf(kind: KindCode | null, texts: readonly (string | null)[]): TableFilter['where'] {
  const found: Record<string, string[]> = {}
  for (const text of texts) {
    const [name = '', code] = splitOnce(text ?? '')
    if (kind === null || code === undefined || !codesOf(kind, name).includes(code)) continue
    if (!found[name]?.includes(code)) found[name] = [...(found[name] ?? []), code]
  }
  return found
}

function timeOf(kind: KindCode | null, name: string | null): string | null {
  if (kind === null || name === null || !Object.hasOwn(kindOf(kind).fields, name)) return null
  return fieldOf(kind, name)?.type === 'time' ? name : null
}

function splitOnce(text: string): readonly string[] {
  const at = text.indexOf(':')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function codesOf(kind: KindCode, name: string): readonly string[] {
  const field = Object.hasOwn(kindOf(kind).fields, name) ? fieldOf(kind, name) : undefined
  return field && isChosen(field) ? ['', ...optionsOf(field)] : []
}

const isChosen = ({ type }: Field): boolean =>
  type === 'choice' || type === 'choices' || type === 'bool'

/** In the order of the description. */
export const optionsOf = (field: Field): readonly string[] =>
  field.type === 'bool' ? ['true', 'false'] : (field.choices ?? []).map(({ code }) => code)

const whereTexts = ({ where }: Pick<TableFilter, 'where'>): readonly string[] =>
  Object.entries(where).flatMap(([name, codes]) => codes.map((code) => `${name}:${code}`))

export function queryOfTable(filter: TableFilter): LocationQueryRaw {
  const { where, ...plain } = { ...filter, q: filter.q.trim() }
  const named = Object.entries(plain).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, String(value)] as const],
  )
  const texts = whereTexts({ where })
  return { ...Object.fromEntries(named), ...(texts.length === 0 ? {} : { where: [...texts] }) }
}

/** The same for the list and for every export: an export is what the table shows. */
export function paramsOfTable(filter: TableFilter): Params {
  const q = filter.q.trim()
  return { ...filter, q: q === '' ? null : q, where: whereTexts(filter) }
}

/** The fields one may filter by, the ones that name the record first, then what is required. */
export function choiceFields(kind: KindCode): readonly (readonly [string, Field])[] {
  const { title, fields } = kindOf(kind)
  const rank = ([name, field]: readonly [string, Field]) =>
    title.includes(name) ? 0 : field.required ? 1 : field.type === 'bool' ? 3 : 2
  return Object.entries(fields)
    .filter(([, it]) => isChosen(it))
    .sort((a, b) => rank(a) - rank(b))
}

/** How many conditions there are beside the kind and the words searched for. */
export function conditionsOf(filter: TableFilter): number {
  const { zone, person, state, from, to, openAt, endedFrom, endedTo, where } = filter
  const plain = [zone, person, state, from, to, openAt, endedFrom, endedTo]
  return plain.filter((it) => it !== null).length + Object.keys(where).length
}
