// A tab that does not sync sees what the one that does has stored.

import type { Meta, RowId, Scope, ScopeState, State, StoredMember, Write } from '@hushui/sync'

export interface Followed {
  readonly state: State
  /** Records that look different now. */
  readonly records: readonly RowId[]
}

export function follow(state: State, writes: readonly Write[]): Followed {
  const rows = new Map(state.rows)
  const lines = new Map(state.lines)
  const blobs = new Map(state.blobs)
  const scopes = new Map(state.scopes)
  const copied = new Map<Scope, Map<RowId, StoredMember>>()
  const records = new Set<RowId>()
  let meta: Meta = state.meta

  function change(scope: Scope, values: Partial<ScopeState>): void {
    scopes.set(scope, { ...NO_SCOPE, ...scopes.get(scope), ...values })
  }

  function membersOf(scope: Scope): Map<RowId, StoredMember> {
    const held = copied.get(scope)
    if (held) return held
    const members = new Map(scopes.get(scope)?.members)
    copied.set(scope, members)
    change(scope, { members })
    return members
  }

  for (const write of writes) {
    switch (write.store) {
      case 'rows':
        records.add(write.key)
        put(rows, write.key, write.value)
        break
      case 'members': {
        const [scope, record] = write.key
        records.add(record)
        put(membersOf(scope), record, write.value)
        break
      }
      case 'cursors':
        change(write.key, { cursor: write.value })
        break
      case 'blobs':
        put(blobs, write.key, write.value)
        break
      case 'receipts': {
        const line = lines.get(write.key)
        if (!line) break
        const { receipt, settled, left, former = null } = write.value ?? NO_RECEIPT
        lines.set(write.key, { ...line, receipt, settled, left, former })
        for (const op of line.entry.ops) records.add(op.record)
        break
      }
      case 'meta':
        if (write.value !== null) meta = { ...meta, [write.key]: write.value }
        break
    }
  }
  const { contact } = meta
  return { state: { ...state, rows, lines, blobs, scopes, meta, contact }, records: [...records] }
}

const NO_RECEIPT = { receipt: null, settled: false, left: false, former: null } as const

const NO_SCOPE: ScopeState = {
  cursor: null,
  members: new Map(),
  digest: null,
  checkedAt: -Infinity,
}

function put<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}
