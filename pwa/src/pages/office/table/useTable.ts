// The rows that the filter finds, newest first, page by page, kept fresh while they are looked at.

import { ref, shallowRef, watch, type Ref } from 'vue'
import { useApp } from '../../../app.ts'
import { now } from '../../../ports.ts'
import { useFresh } from '../fresh.ts'
import { codeOf } from '../useQueue.ts'
import type { RecordList, Row } from '../wire.ts'
import { paramsOfTable, type TableFilter } from './tableQuery.ts'

const PAGE = 100
/** As many as the server gives at once. */
const PAGE_MAX = 200

type Standing =
  { readonly state: 'loading' | 'ready' } | { readonly state: 'failed'; readonly code: string }

export function useTable(filter: Ref<TableFilter>) {
  const { api } = useApp()
  const { turn } = useFresh()

  const rows = shallowRef<readonly Row[]>([])
  const total = ref(0)
  const hasMore = ref(false)
  const standing = shallowRef<Standing>({ state: 'loading' })
  /** When the rows were last as the server has them, ms. */
  const asOf = ref<number | null>(null)
  let asking = 0

  const list = (limit: number, after: string | null) =>
    api.get<RecordList>('/api/records', { ...paramsOfTable(filter.value), limit, after })

  async function ask(limit: number, after: string | null): Promise<void> {
    const mine = ++asking
    try {
      const found = await list(limit, after)
      if (mine !== asking) return
      const rest = after === null ? [] : rows.value
      const kept = after === null ? below(rows.value, found) : []
      rows.value = [...rest, ...found.records, ...kept]
      if (kept.length === 0) hasMore.value = found.more
      total.value = Object.values(found.counts).reduce((sum, n) => sum + n, 0)
      standing.value = { state: 'ready' }
      asOf.value = now()
    } catch (error) {
      if (mine === asking) standing.value = { state: 'failed', code: codeOf(error) }
    }
  }

  const refresh = () => ask(Math.min(PAGE_MAX, Math.max(PAGE, rows.value.length)), null)

  const more = async (): Promise<void> => {
    const last = rows.value.at(-1)
    if (hasMore.value && last) await ask(PAGE, last.record)
  }

  watch(
    filter,
    () => {
      standing.value = { state: 'loading' }
      rows.value = []
      total.value = 0
      asOf.value = null
      hasMore.value = false
      void ask(PAGE, null)
    },
    { immediate: true },
  )
  watch(turn, () => void refresh())

  return { rows, total, hasMore, standing, asOf, more, refresh }
}

/** What was shown further down than a fresh first page reaches. */
function below(shown: readonly Row[], { records, more }: RecordList): readonly Row[] {
  const last = records.at(-1)
  return more && last ? shown.filter(({ record }) => record < last.record) : []
}
