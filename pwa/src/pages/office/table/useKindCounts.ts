// How many records there are of each kind: a number beside a word, asked for when nothing else is.

import { onMounted, onScopeDispose, shallowReactive } from 'vue'
import { useApp } from '../../../app.ts'
import { kinds, type KindCode } from '../../../generated/kinds.ts'
import type { RecordList } from '../wire.ts'

const counts = shallowReactive(new Map<KindCode, number>())

/** Another person sits down at this browser. */
export const forgetKindCounts = (): void => counts.clear()

export function useKindCounts(): ReadonlyMap<KindCode, number> {
  const { api } = useApp()
  let isGone = false
  onScopeDispose(() => (isGone = true))

  async function ask(): Promise<void> {
    for (const kind of Object.keys(kinds) as KindCode[]) {
      if (isGone) return
      try {
        const found = await api.get<RecordList>('/api/records', { kind, limit: 1 })
        const sum = Object.values(found.counts).reduce((all, n) => all + n, 0)
        counts.set(kind, sum)
      } catch {
        // Without signal the words stand without numbers.
        return
      }
    }
  }
  onMounted(() => void ask())
  return counts
}
