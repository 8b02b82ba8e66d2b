// The list beside the record: what the filter finds, where one stands, what is marked.

import type { Id } from '@hushui/sync'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { ApiProblem, useApp } from '../../app.ts'
import { now } from '../../ports.ts'
import { useFresh } from './fresh.ts'
import { listed } from './photos.ts'
import { EMPTY, queue, type QueueEvent } from './queueKeys.ts'
import { countRecords, listRecords, type Counts, type Filter } from './reading.ts'
import { standOf, type Detail, type ReviewStand, type ListedRow, type Row } from './wire.ts'

type Standing =
  { readonly state: 'loading' | 'ready' } | { readonly state: 'failed'; readonly code: string }

export function useQueue(filter: Ref<Filter>, state: Ref<ReviewStand | null>) {
  const { api } = useApp()
  const { turn, isLive } = useFresh()

  const rows = shallowRef<readonly ListedRow[]>([])
  const counts = shallowRef<Counts | null>(null)
  const after = shallowRef<Id | null>(null)
  const standing = shallowRef<Standing>({ state: 'loading' })
  /** When the list was last as the server has it. */
  const asOf = ref<number | null>(null)
  const place = shallowRef(EMPTY)
  let asking = 0

  const dispatch = (event: QueueEvent) => (place.value = queue(place.value, event))
  const byId = computed(() => new Map(rows.value.map((row) => [row.record, row])))
  const current = computed(() =>
    place.value.current === null ? null : (byId.value.get(place.value.current) ?? null),
  )
  const marked = computed(() => rows.value.filter(({ record }) => place.value.marked.has(record)))

  function show(next: readonly ListedRow[]): void {
    rows.value = next
    dispatch({ type: 'rows', ids: next.map(({ record }) => record) })
  }

  async function ask(anew: boolean): Promise<void> {
    const mine = ++asking
    const pages = Math.max(1, Math.ceil(rows.value.length / 50))
    try {
      const [found, numbers] = await Promise.all([
        anew || pages === 1 ? listRecords(api, filter.value, state.value, null) : refill(pages),
        countRecords(api, filter.value),
      ])
      if (mine !== asking) return
      counts.value = numbers
      after.value = found.after
      show(anew ? found.rows : withCurrent(found.rows))
      standing.value = { state: 'ready' }
      asOf.value = now()
    } catch (error) {
      if (mine !== asking) return
      standing.value = { state: 'failed', code: codeOf(error) }
    }
  }

  /** As many pages as are shown. */
  async function refill(pages: number) {
    let found = await listRecords(api, filter.value, state.value, null)
    for (let n = 1; n < pages && found.after !== null; n++) {
      const next = await listRecords(api, filter.value, state.value, found.after)
      found = { rows: [...found.rows, ...next.rows], after: next.after }
    }
    return found
  }

  /** Whom somebody else has just decided stays under the reader's eyes until he moves on. */
  function withCurrent(fresh: readonly ListedRow[]): readonly ListedRow[] {
    const held = current.value
    if (held === null || fresh.some(({ record }) => record === held.record)) return fresh
    const at = fresh.findIndex(({ record }) => record < held.record)
    return at < 0 ? [...fresh, held] : [...fresh.slice(0, at), held, ...fresh.slice(at)]
  }

  async function more(): Promise<void> {
    const from = after.value
    if (from === null) return
    try {
      const page = await listRecords(api, filter.value, state.value, from)
      if (after.value !== from) return
      after.value = page.after
      show([...rows.value, ...page.rows])
    } catch (error) {
      standing.value = { state: 'failed', code: codeOf(error) }
    }
  }

  /** A row as it was just read; it goes when the filter no longer finds it. */
  function take(detail: Detail): void {
    const isMine = state.value === null || standOf(detail.body) === state.value
    if (!byId.value.has(detail.record)) return
    if (isMine) {
      rows.value = rows.value.map((row) => (row.record === detail.record ? listed(detail) : row))
      return
    }
    const before = byId.value.get(detail.record)
    if (before && counts.value) counts.value = moved(counts.value, before, detail)
    leave([detail.record])
  }

  function leave(ids: readonly Id[]): void {
    dispatch({ type: 'left', ids })
    const gone = new Set(ids)
    rows.value = rows.value.filter(({ record }) => !gone.has(record))
  }

  watch(
    [filter, state],
    () => {
      standing.value = { state: 'loading' }
      rows.value = []
      place.value = EMPTY
      void ask(true)
    },
    { immediate: true },
  )
  watch(turn, () => void ask(false))

  return {
    ...{ rows, counts, after, standing, asOf, place, current, marked, isLive },
    ...{ dispatch, more, take, refresh: () => ask(false) },
  }
}

const moved = (counts: Counts, before: Row, after: Row): Counts => {
  const from = standOf(before.body)
  const to = standOf(after.body)
  if (from === to) return counts
  return { ...counts, [from]: Math.max(0, counts[from] - 1), [to]: counts[to] + 1 }
}

export const codeOf = (error: unknown): string =>
  error instanceof ApiProblem ? error.code : 'unknown'
