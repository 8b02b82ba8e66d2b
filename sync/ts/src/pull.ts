// Everything a person may see, scope by scope in the server's own order (section 10).

import { offsetOf } from './clock.ts'
import { EMPTY, digestText } from './digest.ts'
import { hideRevoked, setGrants, setOffset } from './hello.ts'
import { CHECK_EVERY_MS, PULL_BYTES, PULL_EVERY_MS } from './limits.ts'
import type { Cursor, Page, PullAnswer, PullRequest, RowId, Scope } from './messages.ts'
import { hasArrived } from './overlay.ts'
import { isGood, isUnaccepted } from './own.ts'
import { parsePull } from './parse.ts'
import { askAgain } from './push.ts'
import {
  beginSnapshot,
  digestOf,
  isLeaving,
  removeMembers,
  removeOrphans,
  takeRow,
} from './rows.ts'
import type { OwnLine, State, StoredCursor } from './state.ts'
import { checks, heed, laterContact, patch, saveLine, setMeta, setScope } from './turn.ts'
import type { Turn } from './turn.ts'

export function pullRequest(turn: Turn): PullRequest {
  const { identity, meta } = turn.state
  const cursors = meta.grants.flatMap((scope) => {
    const cursor = turn.state.scopes.get(scope)?.cursor
    return cursor && cursor.epoch !== '' ? [wireCursor(turn, cursor)] : []
  })
  return { device: identity.device, cursors, bytes: PULL_BYTES }
}

export function beginRound(turn: Turn): void {
  const { round } = turn.state
  if (!round.open) patch(turn, { round: { number: round.number + 1, open: true } })
}

/** false: not an answer. */
export function onPull(turn: Turn, body: unknown, wall: number): boolean {
  const answer = parsePull(body)
  if (!answer) return false
  if (answer.epoch !== turn.state.meta.epoch) {
    patch(turn, { greeted: false })
    return false
  }
  setOffset(turn, offsetOf(wall, answer.now))
  setGrants(turn, answer.grants)
  hideRevoked(turn, answer.revoked, answer.grants)
  for (const page of answer.pages) {
    if (answer.grants.includes(page.scope) && !takePage(turn, page)) return false
  }
  heed(turn, answer.contact)
  setMeta(turn, 'contact', laterContact(turn.state.meta.contact, answer.contact))
  if (isOver(turn.state, answer)) endRound(turn, answer)
  return true
}

export function flagCheck(turn: Turn, scope: Scope): void {
  const askedAt = turn.state.scopes.get(scope)?.checkedAt ?? -Infinity
  checks(turn).set(scope, { at: Math.max(turn.now, askedAt + CHECK_EVERY_MS), records: null })
}

// ---- one page ------------------------------------------------------------------------------

// The members and the cursor are written together: a page is stored whole or not at all.
function takePage(turn: Turn, page: Page): boolean {
  const { scope } = page
  // The budget was used up by others: there is more, and nothing of it here.
  if (page.more && page.rows.length === 0 && !page.snapshot) return true
  const held = turn.state.scopes.get(scope)?.cursor ?? fresh(scope)
  const next = page.snapshot ? inSnapshot(turn, held, page.snapshot) : afterPage(turn, held, page)
  if (!next) {
    forgetCursor(turn, held)
    return false
  }
  saveCursor(turn, next)
  if (next.snapshot !== held.snapshot) beginSnapshot(turn, scope)
  else digestOf(turn, scope)
  for (const row of page.rows) takeRow(turn, scope, row)
  compare(turn, page, next)
  return true
}

function inSnapshot(
  turn: Turn,
  held: StoredCursor,
  { position, after }: NonNullable<Page['snapshot']>,
): StoredCursor {
  const { epoch } = turn.state.meta
  const goesOn = held.after !== null && held.epoch === epoch && held.position === position
  const snapshot = goesOn ? held.snapshot : held.snapshot + 1
  return { scope: held.scope, epoch, position, after, snapshot, sweep: true }
}

// A page that does not join on would leave a hole behind the cursor: null, and from the beginning.
function afterPage(turn: Turn, held: StoredCursor, page: Page): StoredCursor | null {
  const { epoch } = turn.state.meta
  if (held.epoch === epoch) {
    return page.from === held.position && held.after === null
      ? { ...held, position: page.to }
      : null
  }
  const { from, to: position } = page
  const snapshot = held.snapshot + 1
  return from === 0 ? { ...held, epoch, position, after: null, snapshot, sweep: true } : null
}

/** The scope comes from its beginning. */
export function forgetCursor(turn: Turn, held: StoredCursor): void {
  saveCursor(turn, { ...held, epoch: '', position: 0, after: null })
}

function saveCursor(turn: Turn, cursor: StoredCursor): void {
  setScope(turn, cursor.scope, { cursor })
  turn.writes.push({ store: 'cursors', key: cursor.scope, value: cursor })
}

// G03
function compare(turn: Turn, page: Page, cursor: StoredCursor): void {
  if (cursor.after !== null || page.more) return
  const differs = page.digest !== null && page.digest !== digestText(digestOf(turn, page.scope))
  if (differs || (page.digest === null && page.check)) flagCheck(turn, page.scope)
  else if (page.digest !== null && turn.state.checks.has(page.scope)) {
    checks(turn).delete(page.scope)
  }
}

function wireCursor(turn: Turn, { scope, epoch, position, after }: StoredCursor): Cursor {
  const digest = digestText(after === null ? digestOf(turn, scope) : EMPTY)
  return { scope, epoch, position, digest, after }
}

/** No epoch: the server answers from the beginning. */
const fresh = (scope: Scope): StoredCursor => ({
  scope,
  epoch: '',
  position: 0,
  after: null,
  snapshot: 0,
  sweep: false,
})

// ---- the end of a round (S04 to S06) -------------------------------------------------------

function isOver(state: State, { more, pages, grants }: PullAnswer): boolean {
  if (more || pages.some((page) => page.more)) return false
  return grants.every((scope) => {
    const cursor = state.scopes.get(scope)?.cursor ?? null
    return cursor === null || isWhole(state, cursor)
  })
}

/** Whether the scope is here from its beginning to the cursor, in this epoch. */
function isWhole({ meta }: State, cursor: StoredCursor | null): boolean {
  return cursor !== null && cursor.after === null && cursor.epoch === meta.epoch
}

function endRound(turn: Turn, answer: PullAnswer): void {
  leaveOverlay(turn, answer)
  for (const [scope, held] of turn.state.scopes) {
    if (!isWhole(turn.state, held.cursor)) continue
    const leaving: RowId[] = []
    for (const member of held.members.values()) {
      if (isLeaving(member, held)) leaving.push(member.record)
    }
    removeMembers(turn, scope, leaving)
    if (held.cursor?.sweep) saveCursor(turn, { ...held.cursor, sweep: false })
  }
  removeOrphans(turn)
  patch(turn, {
    round: { ...turn.state.round, open: false },
    pullAt: turn.now + PULL_EVERY_MS,
  })
  askAgain(turn)
}

// H06
function leaveOverlay(turn: Turn, answer: PullAnswer): void {
  const { state } = turn
  for (const line of state.lines.values()) {
    if (line.left || line.receipt === null) continue
    const isOld = line.round < state.round.number
    if (isGood(line)) {
      const hasAllArrived = line.entry.ops.every(({ record }) => hasArrived(state, record, line))
      if (isOld || hasAllArrived) saveLine(turn, { ...line, left: true })
    } else if (isUnaccepted(line) && isOld && isWithdrawn(state, line, answer)) {
      saveLine(turn, { ...line, settled: true, left: true })
    }
  }
}

// R04: an unaccepted line is a row of its author's as long as it is not settled. Only where the whole
// of that scope is here does the absence of that row say something: another phone settled it.
function isWithdrawn(state: State, line: OwnLine, { heads }: PullAnswer): boolean {
  const { device, person } = state.identity
  const scope = `person:${person}`
  const held = state.scopes.get(scope)
  if (!held?.cursor || state.checks.has(scope)) return false
  if (!state.meta.grants.includes(scope) || held.cursor.position !== heads[scope]) return false
  const member = held.members.get(`u:${device}:${line.n}`)
  return !member || isLeaving(member, held)
}
