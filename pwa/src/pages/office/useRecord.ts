// One record with its history, kept fresh while it is open.

import type { Id } from '@hushui/sync'
import { shallowRef, watch, type Ref } from 'vue'
import { useApp } from '../../app.ts'
import { useFresh } from './fresh.ts'
import { readHistory, readRecord } from './reading.ts'
import { forgetNames } from './table/names.ts'
import { forgetKindCounts } from './table/useKindCounts.ts'
import { codeOf } from './useQueue.ts'
import type { Detail, History } from './wire.ts'

const KEPT = 60

interface Read {
  readonly detail: Detail
  readonly history: History
}

/** What was read lately: walking back and forth shows it at once, and asks again behind it. */
const read = new Map<Id, Read>()

export function useRecord(id: Ref<Id | null>, onRead: (detail: Detail) => void = () => undefined) {
  const { api } = useApp()
  const { turn } = useFresh()
  const detail = shallowRef<Detail | null>(null)
  const history = shallowRef<History | null>(null)
  const problem = shallowRef<string | null>(null)

  async function ask(): Promise<void> {
    const wanted = id.value
    if (wanted === null) return
    try {
      const [fresh, lines] = await Promise.all([readRecord(api, wanted), readHistory(api, wanted)])
      keep(wanted, { detail: fresh, history: lines })
      if (id.value !== wanted) return
      detail.value = fresh
      history.value = lines
      problem.value = null
      onRead(fresh)
    } catch (error) {
      if (id.value === wanted) problem.value = codeOf(error)
    }
  }

  watch(
    id,
    (next) => {
      const known = next === null ? undefined : read.get(next)
      detail.value = known?.detail ?? null
      history.value = known?.history ?? null
      problem.value = null
      void ask()
    },
    { immediate: true },
  )
  watch(turn, () => void ask())

  return { detail, history, problem, refresh: ask }
}

/** So that the next key press finds it there. */
export function useAhead() {
  const { api } = useApp()
  return async (id: Id | undefined) => {
    if (id === undefined || read.has(id)) return
    try {
      const [detail, history] = await Promise.all([readRecord(api, id), readHistory(api, id)])
      keep(id, { detail, history })
    } catch {
      // It is asked again when somebody goes there.
    }
  }
}

function keep(id: Id, one: Read): void {
  read.delete(id)
  read.set(id, one)
  const oldest = read.keys().next().value
  if (read.size > KEPT && oldest !== undefined) read.delete(oldest)
}

/** Another person sits down at this browser. */
export function forgetRead(): void {
  read.clear()
  forgetNames()
  forgetKindCounts()
}
