// The list beside the record: what the filter finds, where one stands, what is marked.

import type { Id } from '@hushui/sync'
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { ApiProblem, useApp } from '../../app.ts'
import { now } from '../../ports.ts'
import { useFresh, type Hinted } from './fresh.ts'
import { lackingIn, photoCount, type PhotoCount } from './photos.ts'
import { EMPTY, queue, type QueueEvent } from './queueKeys.ts'
import { countRecords, listRecords, readRecord, type Counts, type Filter } from './reading.ts'
import { standOf, type Detail, type ReviewStand, type Row } from './wire.ts'

type Standing =
  { readonly state: 'loading' | 'ready' } | { readonly state: 'failed'; readonly code: string }

export function useQueue(filter: Ref<Filter>, state: Ref<ReviewStand | null>) {
  const { api } = useApp()
  const { turn, isLive } = useFresh()

  const rows = shallowRef<readonly Row[]>([])
  const counts = shallowRef<Counts | null>(null)
  const after = shallowRef<Id | null>(null)
  const standing = shallowRef<Standing>({ state: 'loading' })
  /** When the list was last as the server has it. */
  const asOf = ref<number | null>(null)
  const place = shallowRef(EMPTY)
  const photos = useQueuePhotos(rows)
  let asking = 0

  const dispatch = (event: QueueEvent) => (place.value = queue(place.value, event))
  const byId = computed(() => new Map(rows.value.map((row) => [row.record, row])))
  const current = computed(() =>
    place.value.current === null ? null : (byId.value.get(place.value.current) ?? null),
  )
  const marked = computed(() => rows.value.filter(({ record }) => place.value.marked.has(record)))

  function show(next: readonly Row[]): void {
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
  function withCurrent(fresh: readonly Row[]): readonly Row[] {
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
      rows.value = rows.value.map((row) => (row.record === detail.record ? detail : row))
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
    ...{ rows, counts, after, standing, asOf, place, photos, current, marked, isLive },
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

/** How many photos each listed record names and how many came: a list does not say, a record does. */
function useQueuePhotos(rows: Ref<readonly Row[]>) {
  const { api } = useApp()
  const { turn, hinted } = useFresh()
  const known = shallowRef<ReadonlyMap<Id, PhotoCount>>(new Map())
  const readAt = new Map<Id, string>()
  let isGone = false
  let isBusy = false

  async function work(): Promise<void> {
    if (isBusy) return
    isBusy = true
    for (let next = due(); next !== undefined && !isGone; next = due()) {
      readAt.set(next.record, next.rev)
      try {
        tell(await readRecord(api, next.record))
      } catch {
        // No signal: the row goes without, and the next list asks again.
        readAt.delete(next.record)
        break
      }
    }
    isBusy = false
  }

  const due = () =>
    rows.value.find(({ record, rev, body }) => body.kind !== 'patrol' && readAt.get(record) !== rev)

  function tell(detail: Detail): void {
    readAt.set(detail.record, detail.rev)
    known.value = new Map([...known.value, [detail.record, photoCount(detail)]])
  }

  /** Hints since the list was last read; null: they could be anywhere. */
  let news: Hinted = new Set()
  watch(turn, () => {
    news = news === null || hinted.value === null ? null : new Set([...news, ...hinted.value])
  })

  watch(rows, (listed) => {
    for (const id of lackingIn(news, listed, known.value)) readAt.delete(id)
    news = new Set()
    void work()
  })
  onScopeDispose(() => (isGone = true))
  return { known, tell }
}
