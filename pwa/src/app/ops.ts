// Ops with the base their author saw (E07).

import { baseFor, DELETED } from '@hushui/sync'
import type { Act, Id, Json, JsonObject, Op, State } from '@hushui/sync'
import type { App, HsRecord } from '../app.ts'

type Ops = Pick<
  App,
  | ('opPut' | 'opAdd' | 'opDel' | 'opUndel' | 'opSettle')
  | ('opAbandon' | 'opRefer' | 'opAdopt' | 'opDecline')
>

/** What a review names as seen: the decision that stood (A05). */
const REVIEW = '$review'
/** `abandon`, `refer`, `adopt` and `decline` speak of a line, which is no record yet. */
const LINE = 'entry'

export function createOps(state: () => State | null, find: (id: Id) => HsRecord | undefined): Ops {
  const seen = (record: Id, fields: readonly string[]): Op['base'] => {
    const now = state()
    return now ? baseFor(now, record, fields) : {}
  }

  // A line without a readable id is named DEVICE:N, its device in `record` (D04).
  const ofLine = (act: Act, entry: Id): Op => ({
    ...{ kind: LINE, record: entry.split(':')[0] ?? entry, act },
    ...{ set: { entry }, base: {} },
  })

  return {
    opPut: (kind, record, fields) => {
      const set = clean(fields)
      const target = kind === 'review' ? set['target'] : undefined
      const decision = typeof target === 'string' ? find(target)?.review?.entry : null
      // V05: whoever saw the deletion and edits all the same says so.
      const base = seen(record, [...Object.keys(set), DELETED])
      const told = decision ? { ...base, [REVIEW]: decision } : base
      return { kind, record, act: 'put', set, base: told }
    },
    opAdd: (kind, record, set) => ({ kind, record, act: 'add', set: clean(set), base: {} }),
    opDel: (kind, record) => onDeleted('del', kind, record),
    opUndel: (kind, record) => onDeleted('undel', kind, record),
    opSettle: (kind, record, field, stamp) => ({
      ...{ kind, record, act: 'settle' as const },
      ...{ set: { field, stamp }, base: seen(record, [field]) },
    }),
    opAbandon: (entry) => ofLine('abandon', entry),
    opRefer: (entry) => ofLine('refer', entry),
    opAdopt: (entry) => ofLine('adopt', entry),
    opDecline: (entry) => ofLine('decline', entry),
  }

  // V05: it names the stamps of all fields too, so that an edit nobody saw shows as a conflict.
  function onDeleted(act: 'del' | 'undel', kind: string, record: Id): Op {
    const fields = Object.keys(find(record)?.fields ?? {})
    return { kind, record, act, set: {}, base: seen(record, [DELETED, ...fields]) }
  }
}

/** Plain JSON: no Vue proxies, no undefined. */
export const clean = (values: object): JsonObject =>
  JSON.parse(JSON.stringify(values)) as Record<string, Json>

/** A line does not wait for the one it replaces (D01). */
export function notWaiting(op: Op, replaced: Id): Op {
  const base = Object.entries(op.base).filter(([, stamp]) => stamp !== replaced)
  return { ...op, base: Object.fromEntries(base) }
}
