// Where a digest does not agree, exactly the members that differ are told again (G04).

import { digestText } from './digest.ts'
import { CHECK_RECORDS } from './limits.ts'
import type { CheckAnswer, CheckRequest, DigestText, Scope } from './messages.ts'
import { parseCheck } from './parse.ts'
import { forgetCursor } from './pull.ts'
import { bucketsOf, digestOf, isLeaving, membersIn, removeMembers, repairRow } from './rows.ts'
import type { State } from './state.ts'
import { checks, patch, setScope } from './turn.ts'
import type { Turn } from './turn.ts'

/** The first scope to ask about, and when; null: all agree as far as is known. */
export function nextCheck(state: State): { readonly scope: Scope; readonly at: number } | null {
  let next: { scope: Scope; at: number } | null = null
  for (const [scope, { at }] of state.checks) if (!next || at < next.at) next = { scope, at }
  return next
}

/** null: the scope is not here whole, a pull comes first. */
export function checkRequest(state: State, scope: Scope): CheckRequest | null {
  const held = state.scopes.get(scope)
  const { identity, meta } = state
  if (!held?.cursor || held.cursor.after !== null || held.cursor.epoch !== meta.epoch) return null
  if (!meta.grants.includes(scope)) return null
  const { epoch, position } = held.cursor
  const records = state.checks.get(scope)?.records ?? null
  const what = records ? { records } : { buckets: bucketsOf(held) }
  return { device: identity.device, scope, epoch, position, ...what }
}

/** false: not an answer. */
export function onCheck(turn: Turn, { scope }: CheckRequest, body: unknown): boolean {
  const answer = parseCheck(body)
  if (!answer) return false
  dropCheck(turn, scope)
  switch (answer.answer) {
    case 'same':
      return true
    case 'behind':
      patch(turn, { pullAt: turn.now })
      return true
    case 'differs':
      if (!narrow(turn, scope, answer)) prove(turn, scope, answer.digest)
      return true
    case 'rows':
      for (const row of answer.rows) repairRow(turn, scope, row)
      prove(turn, scope, answer.digest)
      return true
  }
}

/** A check that fails must not keep the pull waiting: where it still differs, the pull finds it again. */
export function dropCheck(turn: Turn, scope: Scope): void {
  if (turn.state.checks.has(scope)) checks(turn).delete(scope)
  setScope(turn, scope, { checkedAt: turn.now })
}

/** Members that are none go at once; whether rows are to be asked for. */
function narrow(
  turn: Turn,
  scope: Scope,
  { buckets, members }: Extract<CheckAnswer, { answer: 'differs' }>,
): boolean {
  const held = turn.state.scopes.get(scope)
  if (!held?.cursor) return false
  const live = new Map(members)
  const records = [...live.keys()].filter((record) => {
    const member = held.members.get(record)
    return member === undefined || member.rev !== live.get(record) || isLeaving(member, held)
  })
  const unknown = membersIn(held, new Set(buckets)).filter((record) => !live.has(record))
  removeMembers(turn, scope, unknown)
  if (records.length === 0) return false
  if (records.length <= CHECK_RECORDS) checks(turn).set(scope, { at: turn.now, records })
  else {
    forgetCursor(turn, held.cursor)
    patch(turn, { pullAt: turn.now })
  }
  return true
}

/** With the digest that was answered nothing is left to ask; with another the pull tells what is new. */
function prove(turn: Turn, scope: Scope, digest: DigestText): void {
  if (digestText(digestOf(turn, scope)) !== digest) patch(turn, { pullAt: turn.now })
}
