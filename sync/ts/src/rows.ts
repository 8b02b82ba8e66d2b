// Rows and their members: what a page, a check or a revocation does to them.

import { EMPTY, bucket, buckets, into, member as memberDigest, scopeDigest } from './digest.ts'
import type { Digest, MemberRev } from './digest.ts'
import { isMember } from './load.ts'
import type { Row, RowId, Scope } from './messages.ts'
import { pinned } from './overlay.ts'
import { parseBlobReceipt, parseReceipt } from './parse.ts'
import { takeBlobReceipt, takeReceipt } from './receipts.ts'
import { beats, revOf } from './rev.ts'
import type { ScopeState, StoredMember } from './state.ts'
import { members, orphans, rows, setScope } from './turn.ts'
import type { Turn } from './turn.ts'

/**
 * A row of a page. Pages come in the scope's own order, so the newest word about a member stands; of a
 * body the newer rev does, whichever scope brought it (S07).
 */
export function takeRow(turn: Turn, scope: Scope, row: Row): void {
  const held = turn.state.scopes.get(scope)
  const old = held?.members.get(row.record)
  if ('gone' in row) {
    if (old) setMember(turn, { ...old, rev: row.rev, gone: true })
    return
  }
  const { record, rev } = row
  const shown = held?.cursor?.snapshot ?? 0
  if (old?.rev !== rev || old.shown !== shown || old.gone) {
    setMember(turn, { scope, record, rev, shown, gone: false })
  } else {
    // It moved up as it was: one of its photos has come.
    turn.records.add(record)
  }
  keepBody(turn, row, (heldRev) => beats(rev, heldRev, turn.state.meta.epoch))
}

/** A row of a check: what the server says stands, whatever is here (G04). */
export function repairRow(turn: Turn, scope: Scope, row: Row): void {
  if ('gone' in row) return
  const shown = turn.state.scopes.get(scope)?.cursor?.snapshot ?? 0
  setMember(turn, { scope, record: row.record, rev: row.rev, shown, gone: false })
  keepBody(turn, row, () => true)
}

/** Takes members away at once; a row goes with its last member, unless an own line needs it (H06). */
export function removeMembers(turn: Turn, scope: Scope, records: Iterable<RowId>): number {
  let removed = 0
  const left: RowId[] = []
  for (const record of records) {
    const old = turn.state.scopes.get(scope)?.members.get(record)
    if (!old) continue
    discount(turn, old)
    members(turn, scope).delete(record)
    turn.writes.push({ store: 'members', key: [scope, record], value: null })
    turn.records.add(record)
    left.push(record)
  }
  for (const record of left) {
    if (isMember(turn.state.scopes, record) || !turn.state.rows.has(record)) continue
    if (pinned(turn.state).has(record)) orphans(turn).add(record)
    else removed += removeRow(turn, record)
  }
  return removed
}

/** Rows that only an own line still kept, and no longer does. */
export function removeOrphans(turn: Turn): void {
  for (const record of turn.state.orphans) {
    if (isMember(turn.state.scopes, record)) orphans(turn).delete(record)
    else if (!pinned(turn.state).has(record)) removeRow(turn, record)
  }
}

/** A snapshot begins: nobody counts who is not shown in it. */
export function beginSnapshot(turn: Turn, scope: Scope): void {
  setScope(turn, scope, { digest: EMPTY })
}

/** Of the members that stay. Computed from the members, never read back: a hole must show (G03). */
export function digestOf(turn: Turn, scope: Scope): Digest {
  const held = turn.state.scopes.get(scope)
  if (!held) return EMPTY
  if (held.digest) return held.digest
  const digest = scopeDigest(staying(held))
  setScope(turn, scope, { digest })
  return digest
}

export const bucketsOf = (scope: ScopeState): string => buckets(staying(scope))

export function membersIn(scope: ScopeState, numbers: ReadonlySet<number>): RowId[] {
  return [...scope.members.keys()].filter((record) => numbers.has(bucket(record)))
}

/** Gone in this round, or not shown by the snapshot that ends with it. */
export const isLeaving = (member: StoredMember, scope: ScopeState): boolean =>
  member.gone || !isShown(member, scope)

function* staying(scope: ScopeState): Generator<MemberRev> {
  for (const member of scope.members.values()) {
    if (!isLeaving(member, scope)) yield [member.record, member.rev]
  }
}

function isShown(member: StoredMember, { cursor }: ScopeState): boolean {
  return !cursor?.sweep || member.shown === cursor.snapshot
}

function setMember(turn: Turn, member: StoredMember): void {
  const { scope, record } = member
  const old = turn.state.scopes.get(scope)?.members.get(record)
  if (old) discount(turn, old)
  members(turn, scope).set(record, member)
  if (turn.state.orphans.has(record)) orphans(turn).delete(record)
  count(turn, member)
  turn.writes.push({ store: 'members', key: [scope, record], value: member })
  turn.records.add(record)
}

function count(turn: Turn, member: StoredMember): void {
  const scope = turn.state.scopes.get(member.scope)
  if (!scope?.digest || isLeaving(member, scope)) return
  into(freshDigest(turn, member.scope, scope.digest), memberDigest(member.record, member.rev))
}

function freshDigest(turn: Turn, scope: Scope, digest: Digest): Digest {
  if (turn.fresh.has(digest)) return digest
  const copy = Uint8Array.from(digest)
  turn.fresh.add(copy)
  setScope(turn, scope, { digest: copy })
  return copy
}

/** XOR undoes itself. */
const discount = count

function keepBody(
  turn: Turn,
  row: Extract<Row, { body: unknown }>,
  isBetter: (held: string) => boolean,
): void {
  const { record, rev, body } = row
  if (record.startsWith('r:')) {
    const receipt = parseReceipt(body)
    if (receipt) takeReceipt(turn, receipt)
    return
  }
  if (record.startsWith('b:')) {
    const receipt = parseBlobReceipt(body)
    if (receipt) takeBlobReceipt(turn, receipt.blob, revOf(receipt), receipt.epoch)
    return
  }
  const held = turn.state.rows.get(record)
  if (held && !isBetter(held.rev)) return
  const stored = { record, rev, body }
  rows(turn).set(record, stored)
  turn.writes.push({ store: 'rows', key: record, value: stored })
  turn.records.add(record)
}

function removeRow(turn: Turn, record: RowId): 1 {
  rows(turn).delete(record)
  if (turn.state.orphans.has(record)) orphans(turn).delete(record)
  turn.writes.push({ store: 'rows', key: record, value: null })
  turn.records.add(record)
  return 1
}
