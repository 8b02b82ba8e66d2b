// The state as the stores tell it: everything else is forgotten with the page.

import { entryOfBytes } from './entry.ts'
import { START } from './feed.ts'
import type { Head } from './feed.ts'
import { WINDOW_BYTES_FIRST } from './limits.ts'
import type {
  Identity,
  Lane,
  LaneName,
  Meta,
  OwnLine,
  Persisted,
  ScopeState,
  State,
  StoredCursor,
  StoredLine,
  StoredMember,
  StoredReceipt,
} from './state.ts'
import type { RowId, Scope } from './messages.ts'

export function initial(identity: Identity): State {
  return load({
    identity,
    lines: [],
    receipts: [],
    rows: [],
    members: [],
    cursors: [],
    blobs: [],
    meta: {},
  })
}

export function load(persisted: Persisted): State {
  const { identity } = persisted
  const meta: Meta = {
    epoch: identity.epoch,
    contact: identity.contact,
    offset: 0,
    grants: [],
    revoked: [],
    purged: [],
    ...persisted.meta,
  }
  const lines = linesOf(persisted.lines, persisted.receipts)
  const rows = new Map([...persisted.rows].map((row) => [row.record, row]))
  const scopes = scopesOf(
    [...persisted.members].filter(({ record, gone }) => gone || hasBody(rows, record)),
    persisted.cursors,
  )
  return {
    identity,
    meta,
    contact: meta.contact,
    head: headOf(lines.values()),
    lines,
    rows,
    scopes,
    orphans: new Set([...rows.keys()].filter((record) => !isMember(scopes, record))),
    blobs: new Map([...persisted.blobs].map((blob) => [blob.sha256, blob])),
    known: null,
    online: false,
    greeted: false,
    helloAt: 0,
    // Nothing goes out before `start`.
    lanes: { ...idle(), hello: { sent: null, failures: 0, due: Infinity } },
    push: { window: WINDOW_BYTES_FIRST, back: 0, again: null, gone: null, stopped: null },
    round: { number: 0, open: false },
    pullAt: 0,
    checks: new Map(),
    uploads: new Map(),
    storing: { sent: null, waiting: [], failures: 0, due: 0 },
    timer: null,
    next: 1,
  }
}

export function idle(): Record<LaneName, Lane> {
  const lane: Lane = { sent: null, failures: 0, due: -Infinity }
  return { hello: lane, push: lane, pull: lane, blob: lane }
}

export function ownLine(line: StoredLine, stored?: StoredReceipt): OwnLine {
  return {
    n: line.n,
    hash: line.hash,
    id: line.id,
    size: line.bytes.length + 1,
    entry: entryOfBytes(line.bytes),
    receipt: stored?.receipt ?? null,
    settled: stored?.settled ?? false,
    left: stored?.left ?? false,
    former: stored?.former ?? null,
    round: 0,
  }
}

// A member whose row was lost is none: so the digest shows the hole, and a check fills it (G03).
const hasBody = (rows: State['rows'], record: RowId): boolean =>
  rows.has(record) || /^[rb]:/.test(record)

export function isMember(scopes: State['scopes'], record: RowId): boolean {
  for (const { members } of scopes.values()) if (members.has(record)) return true
  return false
}

function linesOf(
  stored: Iterable<StoredLine>,
  receipts: Iterable<StoredReceipt>,
): Map<number, OwnLine> {
  const byN = new Map([...receipts].map((receipt) => [receipt.n, receipt]))
  const lines = [...stored].sort((a, b) => a.n - b.n)
  return new Map(lines.map((line) => [line.n, ownLine(line, byN.get(line.n))]))
}

function headOf(lines: Iterable<OwnLine>): Head {
  let head: Head = START
  for (const { n, hash } of lines) head = { n, hash }
  return head
}

function scopesOf(
  members: Iterable<StoredMember>,
  cursors: Iterable<StoredCursor>,
): Map<Scope, ScopeState> {
  const byScope = new Map<Scope, Map<RowId, StoredMember>>()
  for (const member of members) {
    const held = byScope.get(member.scope) ?? new Map<RowId, StoredMember>()
    byScope.set(member.scope, held.set(member.record, member))
  }
  const cursorOf = new Map([...cursors].map((cursor) => [cursor.scope, cursor]))
  const names = new Set([...byScope.keys(), ...cursorOf.keys()])
  return new Map(
    [...names].map((scope) => [
      scope,
      {
        cursor: cursorOf.get(scope) ?? null,
        members: byScope.get(scope) ?? new Map<RowId, StoredMember>(),
        digest: null,
        checkedAt: -Infinity,
      },
    ]),
  )
}
