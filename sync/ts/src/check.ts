// Where a digest does not agree, exactly the buckets that differ are told again (G04).

import type { CheckRequest, Scope } from './messages.ts'
import { parseCheck } from './parse.ts'
import { bucketsOf, membersIn, removeMembers, repairRow } from './rows.ts'
import type { State } from './state.ts'
import { checks, patch, setScope } from './turn.ts'
import type { Turn } from './turn.ts'

/** The first scope to ask about, and when; null: all agree as far as is known. */
export function nextCheck(state: State): { readonly scope: Scope; readonly at: number } | null {
  let next: { scope: Scope; at: number } | null = null
  for (const [scope, at] of state.checks) if (!next || at < next.at) next = { scope, at }
  return next
}

/** null: the scope is not here whole, a pull comes first. */
export function checkRequest(state: State, scope: Scope): CheckRequest | null {
  const held = state.scopes.get(scope)
  const { identity, meta } = state
  if (!held?.cursor || held.cursor.after !== null || held.cursor.epoch !== meta.epoch) return null
  if (!meta.grants.includes(scope)) return null
  const { epoch, position } = held.cursor
  return { device: identity.device, scope, epoch, position, buckets: bucketsOf(held) }
}

/** false: not an answer. */
export function onCheck(turn: Turn, { scope }: CheckRequest, body: unknown): boolean {
  const answer = parseCheck(body)
  if (!answer) return false
  dropCheck(turn, scope)
  if (answer.answer === 'differs') repair(turn, scope, answer)
  // The next pull compares again: with the same digests it is silent.
  if (answer.answer !== 'same') patch(turn, { pullAt: turn.now })
  return true
}

/** A check that fails must not keep the pull waiting: where it still differs, the pull finds it again. */
export function dropCheck(turn: Turn, scope: Scope): void {
  if (turn.state.checks.has(scope)) checks(turn).delete(scope)
  setScope(turn, scope, { checkedAt: turn.now })
}

function repair(
  turn: Turn,
  scope: Scope,
  { buckets, rows }: Extract<NonNullable<ReturnType<typeof parseCheck>>, { answer: 'differs' }>,
): void {
  const live = new Set(rows.map((row) => row.record))
  const held = turn.state.scopes.get(scope)
  if (!held) return
  const unknown = membersIn(held, new Set(buckets)).filter((record) => !live.has(record))
  for (const row of rows) repairRow(turn, scope, row)
  removeMembers(turn, scope, unknown)
}
