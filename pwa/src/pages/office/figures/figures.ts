// The day's figures as the server tells them, and how the page lays them out. Pure.

import type { Id } from '@hushui/sync'
import type { LocationQuery } from 'vue-router'
import type { KindCode } from '../../../generated/kinds.ts'
import { filterOfTable, isKind, type TableFilter } from '../table/tableQuery.ts'

export interface Figure {
  readonly id: string
  readonly zh: string
  readonly en: string
  /** null: 未报. Nobody said anything that day, which is not the same as nothing happened. */
  readonly value: number | null
  readonly unit: string
  readonly decimals?: number
  /** How many records its query finds. */
  readonly count?: number
  /** Of its records, how many wait for review. */
  readonly pending: number
  /** Of its records, how many were sent back: counted, but their amounts are in no sum. */
  readonly returned?: number
  /** Of its records, how many do not say the amount. */
  readonly missing?: number
  /** The filter that finds its records, in the words of GET /api/records. */
  readonly query: Readonly<Record<string, string | number | readonly string[] | null>>
}

export interface ZoneFigures {
  readonly zone: Id
  readonly name: string
  readonly reported: boolean
  readonly figures: readonly Figure[]
}

interface PersonFigures {
  readonly person: Id
  readonly name: string
  /** Those that he answers for. */
  readonly zones: readonly Id[]
  readonly reported: boolean
}

export interface DayFigures {
  /** 2022-07-08 */
  readonly day: string
  /** ms */
  readonly asOf: number
  readonly totals: readonly Figure[]
  readonly zones: readonly ZoneFigures[]
  readonly people: readonly PersonFigures[]
}

export interface FigureGroup {
  /** null: kinds of which there is one figure each. */
  readonly kind: KindCode | null
  /** The first one of its kind, and whatever is something. */
  readonly shown: readonly Figure[]
  /** Nothing of it happened, and it was said so. */
  readonly zeros: readonly Figure[]
  /** Nobody said anything. */
  readonly unreported: readonly Figure[]
}

/** What the figure counts as the table shows it. */
export function filterOfFigure({ query }: Figure): TableFilter {
  const named = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [] : [[name, textOf(value)] as const],
  )
  return filterOfTable(Object.fromEntries(named) as LocationQuery)
}

const textOf = (value: string | number | readonly string[]): string | string[] =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : [...value]

const kindOfFigure = ({ query }: Figure): KindCode | null =>
  isKind(query['kind']) ? query['kind'] : null

/** One group for each kind, in the order in which the server tells them. */
export function groupsOf(figures: readonly Figure[]): readonly FigureGroup[] {
  const kinds = [...new Set(figures.map(kindOfFigure))].filter((it) => it !== null)
  const all = kinds.map((kind) => ({
    kind,
    own: figures.filter((it) => kindOfFigure(it) === kind),
  }))
  const groups = all.filter(({ own }) => own.length > 1).map(({ kind, own }) => grouped(kind, own))
  const single = all.filter(({ own }) => own.length === 1).flatMap(({ own }) => own)
  return single.length === 0
    ? groups
    : [...groups, { kind: null, shown: single, zeros: [], unreported: [] }]
}

function grouped(kind: KindCode, [first, ...rest]: readonly Figure[]): FigureGroup {
  const isSilent = ({ value, count = 0 }: Figure) => value === null && count === 0
  const isSomething = (it: Figure) => it.value !== 0 && !isSilent(it)
  return {
    kind,
    shown: [...(first ? [first] : []), ...rest.filter(isSomething)],
    zeros: rest.filter(({ value }) => value === 0),
    unreported: rest.filter(isSilent),
  }
}

/** A zone has what it has: the first figure of each kind, and what is more than nothing anywhere. */
export function zoneColumns({ totals, zones }: DayFigures): readonly Figure[] {
  const isSomething = (id: string) =>
    zones.some(({ figures }) => figures.some((it) => it.id === id && (it.value ?? 0) !== 0))
  const first = new Set(
    groupsOf(totals).flatMap(({ kind, shown }) => (kind === null ? shown : shown.slice(0, 1))),
  )
  return totals.filter((it) => first.has(it) || isSomething(it.id))
}

export const figureIn = ({ figures }: ZoneFigures, id: string): Figure | null =>
  figures.find((it) => it.id === id) ?? null
