// What waits for this person: sent back, not accepted, not finished. Each thing once.

import { computed } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import { useApp, type App, type DraftSummary, type HsRecord } from '../../app.ts'
import { useMaySettle } from '../shared/maySettle.ts'

export function useToDo() {
  const app = useApp()
  const mine = (record: HsRecord) =>
    app.session.value.phase === 'enrolled' && record.author === app.session.value.person

  const returned = app.records.list(
    undefined,
    (it) => mine(it) && !it.deleted && it.status.state === 'returned',
  )
  const refused = app.records.list(
    undefined,
    (it) => it.kind !== 'photo' && it.status.state === 'unaccepted',
  )
  const unaccepted = computed(() => withoutWaiting(oneForEachLine(refused.value)))
  /** How many records wait for the line that this record was written by. */
  const waitingFor = (record: HsRecord) => {
    const line = lineOf(record)
    return refused.value.filter((it) => lineOf(it) !== line && causeOf(it, refused.value) === line)
      .length
  }
  const maySettle = useMaySettle()
  const inConflict = app.records.conflicts()
  const conflicts = computed(() =>
    inConflict.value.filter((it) => maySettle(it) && !returned.value.includes(it)),
  )
  const drafts = computed(() => {
    const shown = new Set([...returned.value, ...refused.value].map((it) => it.id))
    return app.drafts.list.value.filter((it) => !shown.has(it.record))
  })
  const total = computed(
    () =>
      returned.value.length +
      unaccepted.value.length +
      conflicts.value.length +
      drafts.value.length,
  )
  return { returned, unaccepted, waitingFor, conflicts, drafts, total }
}

const lineOf = ({ id, status }: HsRecord): string =>
  status.state === 'unaccepted' && status.entry !== '' ? status.entry : id

/** A line may write several records: it is one thing to decide. */
function oneForEachLine(records: readonly HsRecord[]): readonly HsRecord[] {
  const seen = new Set<string>()
  return records.filter((it) => !seen.has(lineOf(it)) && seen.add(lineOf(it)))
}

/** What waits goes with what it waits for, as long as that can be seen here (D01). */
const withoutWaiting = (records: readonly HsRecord[]): readonly HsRecord[] =>
  records.filter((it) => causeOf(it, records) === lineOf(it))

/** The line at the beginning of the chain of those that wait for each other. */
function causeOf(record: HsRecord, among: readonly HsRecord[]): string {
  const seen = new Set<string>()
  let last = record
  for (;;) {
    seen.add(lineOf(last))
    const waits = last.status.state === 'unaccepted' ? last.status.waits : null
    const next = among.find((it) => lineOf(it) === waits)
    if (next === undefined || seen.has(lineOf(next))) return lineOf(last)
    last = next
  }
}

/**
 * Where a draft goes on: what was sent back on the page that says why, photos of a round that is
 * still on its way where it ends, the rest in its form.
 */
export function draftPage(
  app: App,
  { id, record }: Pick<DraftSummary, 'id' | 'record'>,
): RouteLocationRaw {
  if (app.patrol.active.value?.record === record) return { name: 'patrol-end' }
  const isReturned = app.records.get(record).value?.status.state === 'returned'
  return isReturned ? { name: 'fix', params: { record } } : { name: 'draft', params: { draft: id } }
}
