// Own lines on their way: the lowest the server lacks first, as many as the window holds.

import { START } from './feed.ts'
import { WINDOW_BYTES_MAX } from './limits.ts'
import type { Fork, Known, Receipts } from './messages.ts'
import { parsePush } from './parse.ts'
import { takeReceipt } from './receipts.ts'
import type { Push, State, Stop } from './state.ts'
import { heed, notify, patch } from './turn.ts'
import type { Turn } from './turn.ts'

export interface Range {
  readonly from: number
  readonly to: number
  /** From here up to `from` the phone has no lines any more (P11). */
  readonly lost?: number
}

/** Lines to send now, or why none can be; null: there is nothing to send. */
export function pushRange(state: State): Range | Stop | null {
  const { lines, head, push } = state
  if (push.stopped) return null
  const first = firstUnsent(state)
  if (first === null) return null
  const from = Math.max(1, first - push.back)
  if (lines.has(from)) return { from, to: lastOf(state, from) }
  const next = firstAfter(state, from)
  if (next === null || push.gone !== from) {
    return { why: 'lines_missing', from, to: (next ?? head.n + 1) - 1 }
  }
  return { from: next, to: lastOf(state, next), lost: from }
}

/** As many as the window holds, one at least. */
function lastOf({ lines, push }: State, from: number): number {
  let to = from
  let bytes = 0
  for (let line = lines.get(from); line; line = lines.get(line.n + 1)) {
    bytes += line.size
    if (line.n > from && bytes > push.window) break
    to = line.n
  }
  return to
}

/** false: not an answer. */
export function onPush(turn: Turn, range: Range, body: unknown): boolean {
  const answer = parsePush(body)
  switch (answer?.answer) {
    case undefined:
      return false
    case 'receipts':
      return onReceipts(turn, range, answer)
    case 'gap':
      return onGap(turn, range, answer.expected)
    case 'fork':
      return onFork(turn, range, answer)
    case 'too_large':
      stop(turn, { why: 'too_large', n: answer.n })
      return true
  }
}

/** 413, or a body the network would not carry: send fewer lines (P06). */
export function narrow(turn: Turn): void {
  setPush(turn, { window: Math.max(1, Math.floor(turn.state.push.window / 2)) })
}

export function resume(turn: Turn): void {
  setPush(turn, { back: 0, stopped: null })
}

/** The stores were looked through: the lines that stop the push are not there. */
export function giveUp(turn: Turn, from: number): void {
  const { stopped } = turn.state.push
  if (stopped?.why === 'lines_missing' && stopped.from === from) {
    setPush(turn, { stopped: null, gone: from })
  }
}

/**
 * Lines that the server holds but whose receipts a whole round did not bring: ask again (P04).
 * `before`: the round in which they would have come; a device that reads nothing has none (S09).
 */
export function askAgain(turn: Turn, before = turn.state.round.number): void {
  const { lines, known } = turn.state
  let again: number | null = null
  for (const line of lines.values()) {
    const isHeld = known !== null && line.n <= known.n
    if (isHeld && line.receipt === null && line.round < before) {
      again = Math.min(again ?? line.n, line.n)
    }
  }
  if (again !== turn.state.push.again) setPush(turn, { again })
}

/** Whether the server's feed is ours as far as it goes. */
export function agrees({ lines }: State, known: Known): boolean {
  return known.n === 0 || lines.get(known.n)?.hash === known.hash
}

function firstUnsent(state: State): number | null {
  const { known, head, lines, push } = state
  if (known === null) return null
  if (agrees(state, known)) {
    if (push.again !== null && lines.get(push.again)?.receipt === null) return push.again
    return known.n < head.n ? known.n + 1 : null
  }
  // It goes on after a line that is gone from here.
  if (known.n < head.n && !lines.has(known.n)) return known.n + 1
  // Another history, or more of ours than we have: whatever has no receipt goes, and the server says
  // where the two part (P05).
  for (const line of lines.values()) if (line.receipt === null) return line.n
  return null
}

function firstAfter({ lines }: State, n: number): number | null {
  let first: number | null = null
  for (const line of lines.values()) if (line.n > n) first = Math.min(first ?? line.n, line.n)
  return first
}

function onReceipts(turn: Turn, { from, to }: Range, answer: Receipts): boolean {
  const { epoch, contact, receipts } = answer
  const { identity, meta, known } = turn.state
  if (epoch !== meta.epoch) {
    // Another ledger than the one that greeted us: nothing is believed before its hello (H03).
    patch(turn, { greeted: false })
    return false
  }
  const isOurs = receipts.every(({ device, n }, i) => device === identity.device && n === from + i)
  if (!isOurs || receipts.length !== to - from + 1) return false
  for (const receipt of receipts) takeReceipt(turn, receipt)
  heed(turn, contact)
  const last = turn.state.lines.get(to)
  if (known && last && (to > known.n || !agrees(turn.state, known))) {
    patch(turn, { known: { n: to, hash: last.hash } })
  }
  const window = Math.min(turn.state.push.window * 2, WINDOW_BYTES_MAX)
  setPush(turn, { window, back: 0, again: null })
  if (pushRange(turn.state) === null) patch(turn, { pullAt: turn.now })
  return true
}

// P03. An expected line that is not below ours would be asked for again for ever. A ledger that has
// forgotten lines was put back: it hears a hello before anything else (H04).
function onGap(turn: Turn, { from }: Range, expected: number): boolean {
  if (expected < 1 || expected >= from) return false
  const before = turn.state.lines.get(expected - 1)
  patch(turn, { known: { n: expected - 1, hash: before?.hash ?? START.hash }, greeted: false })
  setPush(turn, { back: 0 })
  return true
}

function onFork(turn: Turn, { from, lost }: Range, { n, hash, ticket }: Fork): boolean {
  if (lost !== undefined && lost - 1 === n)
    notify(turn, { what: 'lines_lost', from: lost, to: from - 1 })
  if (n !== null) stop(turn, { why: 'fork', n, hash: hash ?? START.hash, ticket })
  else if (from === 1 || lost !== undefined) stop(turn, { why: 'fork', ...START, ticket })
  else setPush(turn, { back: Math.max(1, turn.state.push.back * 2) })
  return true
}

export function stop(turn: Turn, stopped: Stop): void {
  setPush(turn, { stopped })
  notify(turn, { what: 'stopped', stop: stopped })
}

function setPush(turn: Turn, change: Partial<Push>): void {
  patch(turn, { push: { ...turn.state.push, ...change } })
}
