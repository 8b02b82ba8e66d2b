// How many records there are of each kind: a number beside a word, asked for when nothing else is.

import { onMounted, onScopeDispose, shallowReactive } from 'vue'
import { useApp } from '../../../app.ts'
import { kinds, type KindCode } from '../../../generated/kinds.ts'

/** By kind and state of review; what there is none of is left out. */
interface Counted {
  readonly counts: Partial<Record<KindCode, Readonly<Record<string, number>>>>
}

const counts = shallowReactive(new Map<KindCode, number>())

/** Another person sits down at this browser. */
export const forgetKindCounts = (): void => counts.clear()

export function useKindCounts(): ReadonlyMap<KindCode, number> {
  const { api } = useApp()
  let isGone = false
  onScopeDispose(() => (isGone = true))

  async function ask(): Promise<void> {
    try {
      const found = await api.get<Counted>('/api/records/counts')
      if (isGone) return
      for (const kind of Object.keys(kinds) as KindCode[]) {
        counts.set(
          kind,
          Object.values(found.counts[kind] ?? {}).reduce((all, n) => all + n, 0),
        )
      }
    } catch {
      // Without signal the words stand without numbers.
    }
  }
  onMounted(() => void ask())
  return counts
}
