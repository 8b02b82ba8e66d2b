// What waits for this person: sent back, not accepted, not finished.

import { computed } from 'vue'
import { useApp, type DraftSummary, type HsRecord } from '../../app.ts'

export function useToDo() {
  const app = useApp()
  const mine = (record: HsRecord) =>
    app.session.value.phase === 'enrolled' && record.author === app.session.value.person

  const returned = app.records.list(
    undefined,
    (it) => mine(it) && !it.deleted && it.status.state === 'returned',
  )
  const unaccepted = app.records.list(
    undefined,
    (it) => it.kind !== 'photo' && it.status.state === 'unaccepted',
  )
  const drafts = computed<readonly DraftSummary[]>(() => app.drafts.list.value)
  const total = computed(
    () => returned.value.length + unaccepted.value.length + drafts.value.length,
  )
  return { returned, unaccepted, drafts, total }
}

/** Where a draft goes on: a shot of the unknown waits for its type, the rest for its form. */
export function draftPath(draft: string): string {
  return `/draft/${draft}`
}
