// First on every contact: what the office must know, and what the phone may rely on (H01-H04).

import { isClockOff, offsetOf } from './clock.ts'
import { FORMAT, HELLO_EVERY_MS, PURGED_PER_HELLO, REVOKE_WAIT_MS } from './limits.ts'
import type { HelloAnswer, HelloRequest, Revoked, Scope } from './messages.ts'
import { isSettled, own } from './own.ts'
import { parseHello } from './parse.ts'
import { agrees } from './push.ts'
import { isConfirmed, voidReceipt } from './receipts.ts'
import { removeMembers } from './rows.ts'
import type { Lane, Meta, Revocation, State } from './state.ts'
import { laterContact, notify, patch, scopes, setMeta } from './turn.ts'
import type { Turn } from './turn.ts'

export function helloRequest(state: State): HelloRequest {
  const { identity, head, contact, meta } = state
  return {
    device: identity.device,
    app: identity.app,
    format: FORMAT,
    head,
    pending: {
      // What another tab wrote and this one has not heard of yet was not received either (H04).
      lines: head.n - [...state.lines.values()].filter((line) => line.receipt !== null).length,
      blobs: [...state.blobs.keys()].filter((sha256) => !isConfirmed(state, sha256)).length,
    },
    contact,
    purged: meta.purged.slice(0, PURGED_PER_HELLO),
  }
}

/** false: not an answer. */
export function onHello(turn: Turn, request: HelloRequest, body: unknown, wall: number): boolean {
  const answer = parseHello(body)
  if (!answer) return false
  if (answer.epoch !== turn.state.meta.epoch) newEpoch(turn, answer)
  trustKnown(turn, answer)
  setOffset(turn, offsetOf(wall, answer.now))
  setMeta(turn, 'purged', without(turn.state.meta.purged, request.purged))
  setGrants(turn, answer.grants)
  setRevoked(turn, afterHello(turn, answer))
  setMeta(turn, 'contact', laterContact(turn.state.meta.contact, answer.contact))
  // On a new contact there may be receipts that were lost with the old one.
  const pullAt = turn.state.greeted ? turn.state.pullAt : turn.now
  patch(turn, { greeted: true, helloAt: turn.now + HELLO_EVERY_MS, pullAt })
  notify(turn, { what: 'connection' })
  return true
}

export function setOffset(turn: Turn, offset: number): void {
  const before = turn.state.meta.offset
  setMeta(turn, 'offset', offset)
  if (isClockOff(before) || isClockOff(offset)) notify(turn, { what: 'clock', offset })
}

export function setGrants(turn: Turn, grants: readonly Scope[]): void {
  if (isSame(turn.state.meta.grants, grants)) return
  setMeta(turn, 'grants', grants)
  notify(turn, { what: 'grants' })
}

/** What a pull says: hide at once; only hellos count towards deleting (S09). */
export function hideRevoked(turn: Turn, said: readonly Revoked[], grants: readonly Scope[]): void {
  const held = turn.state.meta.revoked.filter(({ scope }) => !grants.includes(scope))
  const added = said.filter(({ scope }) => !grants.includes(scope))
  const next = new Map(held.map((item) => [item.scope, item]))
  for (const item of added) {
    const before = next.get(item.scope)
    if (before?.number !== item.number)
      next.set(item.scope, { ...item, since: null, purged: false })
  }
  setRevoked(turn, [...next.values()])
}

// H03. Requests under way were asked of a ledger that is gone: their answers are not waited for.
function newEpoch(turn: Turn, { epoch, known }: HelloAnswer): void {
  setMeta(turn, 'epoch', epoch)
  // Of a feed that a clone went on with, the server may hold a head above ours and nothing below it.
  const isOurs = agrees(turn.state, known)
  for (const line of turn.state.lines.values()) {
    if (line.receipt && (!isOurs || line.n > known.n)) voidReceipt(turn, line)
  }
  for (const [sha256] of turn.state.blobs) notify(turn, { what: 'blob', sha256 })
  const { hello, push, pull, blob } = turn.state.lanes
  const free = (lane: Lane): Lane => ({ ...lane, sent: null })
  patch(turn, {
    lanes: { hello, push: free(push), pull: free(pull), blob: free(blob) },
    checks: new Map(),
    uploads: new Map(),
    pullAt: turn.now,
    push: { ...turn.state.push, back: 0, again: null, stopped: null },
  })
  turn.counts = true
  notify(turn, { what: 'epoch', epoch })
}

/** H02. A line of ours where the server holds another one was never received, whatever we remember. */
function trustKnown(turn: Turn, { known }: HelloAnswer): void {
  patch(turn, { known })
  const line = turn.state.lines.get(known.n)
  if (line?.receipt && line.hash !== known.hash) voidReceipt(turn, line)
}

function afterHello(turn: Turn, answer: HelloAnswer): Revocation[] {
  return answer.revoked
    .filter(({ scope }) => !answer.grants.includes(scope))
    .map(({ scope, number }) => {
      const held = turn.state.meta.revoked.find((item) => item.scope === scope)
      const isSameOne = held?.number === number
      const since = isSameOne ? (held.since ?? answer.now) : answer.now
      const purged = isSameOne && held.purged
      if (purged || answer.now - since < REVOKE_WAIT_MS) return { scope, number, since, purged }
      purge(turn, scope)
      return { scope, number, since, purged: true }
    })
}

// S09: measured, not asked for: what is reported is what was deleted.
function purge(turn: Turn, scope: Scope): void {
  const held = turn.state.scopes.get(scope)
  if (!held) return
  const records = [...held.members.keys()]
  const { overlay } = own(turn.state)
  const lines = new Set(records.flatMap((record) => overlay.get(record) ?? []))
  const sealed = [...lines].filter((line) => !isSettled(line)).length
  const rows = removeMembers(turn, scope, records)
  scopes(turn).delete(scope)
  turn.writes.push({ store: 'cursors', key: scope, value: null })
  const purged = { scope, rows, sealed }
  setMeta(turn, 'purged', [...turn.state.meta.purged, purged])
  notify(turn, { what: 'purged', purged })
}

function setRevoked(turn: Turn, revoked: readonly Revocation[]): void {
  const before = turn.state.meta.revoked
  if (isSame(before, revoked)) return
  setMeta(turn, 'revoked', revoked)
  const scopesOf = (list: readonly Revocation[]): Scope[] => list.map(({ scope }) => scope)
  const changed = new Set([...scopesOf(before), ...scopesOf(revoked)])
  for (const scope of changed) {
    for (const record of turn.state.scopes.get(scope)?.members.keys() ?? [])
      turn.records.add(record)
  }
  notify(turn, { what: 'grants' })
}

function without(list: Meta['purged'], reported: Meta['purged']): Meta['purged'] {
  const isReported = (item: Meta['purged'][number]): boolean => reported.includes(item)
  return reported.length === 0 ? list : list.filter((item) => !isReported(item))
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && JSON.stringify(a) === JSON.stringify(b)
