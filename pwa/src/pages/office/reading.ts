// The desk's questions. Two who ask the same at the same moment share one answer.

import type { Id } from '@hushui/sync'
import type { Api, Params } from '../../app.ts'
import { QUEUED, type Queued } from '../shared/facts.ts'
import type { Detail, History, ListedRow, RecordList, ReviewStand } from './wire.ts'

export interface Filter {
  readonly kind: Queued | null
  readonly zone: Id | null
  readonly person: Id | null
  /** ms; from inclusive, to exclusive. */
  readonly from: number | null
  readonly to: number | null
  readonly q: string
}

export const NO_FILTER: Filter = {
  kind: null,
  zone: null,
  person: null,
  from: null,
  to: null,
  q: '',
}

export type Counts = Readonly<Record<ReviewStand, number>>

export interface Page {
  /** Newest first. */
  readonly rows: readonly ListedRow[]
  /** The id to go on after; null: that was all. */
  readonly after: Id | null
}

const PAGE = 50

const asked = new Map<string, Promise<unknown>>()

function share<T>(api: Api, path: string, params: Params): Promise<T> {
  const key = `${path} ${JSON.stringify(params)}`
  const running = asked.get(key)
  if (running) return running as Promise<T>
  const answer = api.get<T>(path, params).finally(() => asked.delete(key))
  asked.set(key, answer)
  return answer
}

/** The route takes one kind: without a choice the four kinds of facts are asked side by side. */
const kindsOf = (filter: Filter): readonly Queued[] =>
  filter.kind === null ? QUEUED : [filter.kind]

const paramsOf = ({ zone, person, from, to, q }: Filter, kind: Queued): Params => ({
  ...{ kind, zone, person, from, to },
  q: q.trim() === '' ? null : q.trim(),
})

export async function countRecords(api: Api, filter: Filter): Promise<Counts> {
  const answers = await Promise.all(
    kindsOf(filter).map((kind) =>
      share<RecordList>(api, '/api/records', { ...paramsOf(filter, kind), limit: 1 }),
    ),
  )
  const sum = (state: ReviewStand) =>
    answers.reduce((total, { counts }) => total + (counts[state] ?? 0), 0)
  return {
    pending: sum('pending'),
    approved: sum('approved'),
    returned: sum('returned'),
    rejected: sum('rejected'),
  }
}

export async function listRecords(
  api: Api,
  filter: Filter,
  state: ReviewStand | null,
  after: Id | null,
): Promise<Page> {
  const lists = await Promise.all(
    kindsOf(filter).map((kind) =>
      share<RecordList>(api, '/api/records', {
        ...paramsOf(filter, kind),
        ...{ state, after, limit: PAGE },
      }),
    ),
  )
  return merged(lists)
}

/** Newest first. Below the end of a kind that has more, another kind's rows would leave holes. */
export function merged(lists: readonly Pick<RecordList, 'records' | 'more'>[]): Page {
  const ends = lists.flatMap(({ records, more }) => (more ? [records.at(-1)?.record ?? ''] : []))
  const end = ends.reduce<Id | null>((most, id) => (most === null || id > most ? id : most), null)
  const rows = lists
    .flatMap(({ records }) => records)
    .filter(({ record }) => end === null || record >= end)
    .sort((a, b) => (a.record < b.record ? 1 : -1))
  return { rows, after: end }
}

export const readRecord = (api: Api, id: Id): Promise<Detail> =>
  share<Detail>(api, `/api/records/${id}`, {})

export const readHistory = (api: Api, id: Id): Promise<History> =>
  share<History>(api, `/api/records/${id}/history`, {})
