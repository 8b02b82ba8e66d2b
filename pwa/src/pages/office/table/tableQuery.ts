// The table's filter as the address carries it, as the server is asked, and as an export is asked.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Params } from '../../../app.ts'
import { fieldOf, kindOf } from '../../../forms/field.ts'
import { kinds, type Field, type KindCode } from '../../../generated/kinds.ts'
import { isFact } from '../../shared/facts.ts'
import { boundsOf, readAddress, writeAddress } from '../address.ts'
import type { Filter } from '../reading.ts'
import { REVIEW_STANDS, type ReviewStand } from '../wire.ts'

export interface TableFilter extends Omit<Filter, 'kind'> {
  /** null: across all kinds. */
  readonly kind: KindCode | null
  readonly state: TableStand | null
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

export const STANDS: readonly TableStand[] = [...REVIEW_STANDS, 'counted']

export const isKind = (code: unknown): code is KindCode =>
  typeof code === 'string' && Object.hasOwn(kinds, code)

/** What does not belong there is left out: an address may be old, or typed by hand. */
export function filterOfTable(query: LocationQuery): TableFilter {
  const address = readAddress(query)
  const { one, ms, choice } = address
  const kind = isKind(query['kind']) ? query['kind'] : null
  const state = choice('state', STANDS)
  return {
    ...{ kind, ...boundsOf(address) },
    state: kind === null || isFact(kind) || state === 'counted' ? state : null,
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
  const texts = whereTexts({ where })
  return { ...writeAddress(plain), ...(texts.length === 0 ? {} : { where: [...texts] }) }
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
