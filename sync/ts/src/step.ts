// step(state, event) → the next state and what to do: the whole client, without clock, disk or network.

import { addBlob, forgetOffset, onBlob, removeBytes } from './blobs.ts'
import { dropCheck, onCheck } from './check.ts'
import { onHello } from './hello.ts'
import { HINT_SPREAD_MS, REQUEST_MS_MAX, RETRY_MS_MAX } from './limits.ts'
import { idle, ownLine } from './load.ts'
import { isOfMachine } from './overlay.ts'
import { parseProblem } from './parse.ts'
import { onPull } from './pull.ts'
import { askAgain, giveUp, narrow, onPush, resume } from './push.ts'
import { schedule } from './schedule.ts'
import type { Event, Lane, LaneName, Request, State, Step, StoredLine } from './state.ts'
import { backoff, begin, lines, notify, patch, retryLane, setLane } from './turn.ts'
import type { Turn } from './turn.ts'

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>

export function step(state: State, event: Event): Step {
  const turn = begin(state, event.now, 'jitter' in event ? event.jitter : 0)
  take(turn, event)
  schedule(turn)
  tell(turn)
  return { state: turn.state, effects: turn.effects }
}

function take(turn: Turn, event: Event): void {
  switch (event.type) {
    case 'start':
      start(turn, event.online)
      return
    case 'tick':
      tick(turn)
      return
    case 'online':
      online(turn)
      return
    case 'offline':
      offline(turn)
      return
    case 'captured':
      captured(turn, event.line)
      return
    case 'answer':
      answered(turn, event)
      return
    case 'failed':
      failed(turn, event.id, event.reason)
      return
    case 'stored':
      stored(turn, event.id)
      return
    case 'store_failed':
      storeFailed(turn, event.id)
      return
    case 'hint':
      hint(turn, event)
      return
    case 'blob_added':
      addBlob(turn, event.sha256, event.size, event.mime)
      return
    case 'blob_freed':
      removeBytes(turn, event.sha256, 'freed')
      return
    case 'blob_missing':
      removeBytes(turn, event.sha256, 'lost')
      return
    case 'lines_gone':
      giveUp(turn, event.from)
  }
}

// ---- contact -------------------------------------------------------------------------------

function start(turn: Turn, isOnline: boolean): void {
  patch(turn, { lanes: idle(), known: null, pullAt: turn.now, timer: null })
  if (isOnline) online(turn)
  else offline(turn)
}

function online(turn: Turn): void {
  patch(turn, { online: true, greeted: false, pullAt: turn.now })
  for (const lane of Object.keys(turn.state.lanes) as LaneName[]) hurry(turn, lane)
  resume(turn)
  notify(turn, { what: 'connection' })
}

// The phone's own word for being offline can be wrong: it is asked again, seldom.
function offline(turn: Turn): void {
  patch(turn, { online: false, greeted: false })
  setLane(turn, 'hello', { due: turn.now + RETRY_MS_MAX })
  notify(turn, { what: 'connection' })
}

function hurry(turn: Turn, lane: LaneName): void {
  setLane(turn, lane, { failures: 0, due: turn.now })
}

function tick(turn: Turn): void {
  patch(turn, { timer: null })
  for (const lane of Object.values(turn.state.lanes)) {
    if (lane.sent && turn.now - lane.sent.at >= REQUEST_MS_MAX) {
      failed(turn, lane.sent.id, 'timeout')
    }
  }
}

function hint(turn: Turn, { scope, position }: Of<'hint'>): void {
  const cursor = turn.state.scopes.get(scope)?.cursor
  if (cursor && cursor.epoch === turn.state.meta.epoch && cursor.position >= position) return
  const at = turn.now + turn.jitter * HINT_SPREAD_MS
  patch(turn, { pullAt: Math.min(turn.state.pullAt, at) })
}

function captured(turn: Turn, line: StoredLine): void {
  const { lines: held, head, push, online: isOnline, round } = turn.state
  if (held.has(line.n)) return
  const fresh = { ...ownLine(line), round: round.number }
  lines(turn).set(line.n, fresh)
  if (line.n > head.n) patch(turn, { head: { n: line.n, hash: line.hash } })
  if (push.stopped?.why === 'lines_missing') resume(turn)
  if (isOnline) {
    hurry(turn, 'push')
    if (!turn.state.greeted) hurry(turn, 'hello')
  }
  turn.counts = true
  for (const op of fresh.entry.ops) turn.records.add(op.record)
}

// ---- answers -------------------------------------------------------------------------------

function answered(turn: Turn, event: Of<'answer'>): void {
  const found = laneOf(turn.state, event.id)
  if (!found) return
  const [name, { request }] = found
  if (!isTaken(turn, request, event)) {
    onProblem(turn, name, request, event)
    return
  }
  // An answer may have set the lane free for a new ledger already.
  setLane(turn, name, { sent: null, failures: 0, due: turn.now })
}

/** false: a problem of the lane, not an answer. */
function isTaken(turn: Turn, request: Request, event: Of<'answer'>): boolean {
  const { status, body, wall } = event
  switch (request.type) {
    case 'hello':
      return isOk(status) && onHello(turn, request.body, body, wall)
    case 'push':
      return isOk(status) && onPush(turn, request, body)
    case 'pull':
      return isOk(status) && onPull(turn, body, wall)
    case 'check':
      return isOk(status) && onCheck(turn, request.body, body)
    default:
      if (isOfLane(status)) return false
      onBlob(turn, request, event)
      return true
  }
}

const isOk = (status: number): boolean => status >= 200 && status < 300

/** What is wrong with the caller or the server, not with this one blob. */
const isOfLane = (status: number): boolean => [401, 403, 408, 429].includes(status) || status >= 500

function onProblem(turn: Turn, name: LaneName, request: Request, event: Of<'answer'>): void {
  const { status } = event
  const code = parseProblem(event.body)
  // P10: a credential that does not work is never a reason to delete anything.
  if (status === 401) {
    notify(turn, { what: code === 'unknown_device' ? 'unknown_device' : 'unauthenticated' })
  }
  retryLane(turn, name, retryAfterMs(event.headers))
  if (request.type === 'check') dropCheck(turn, request.body.scope)
  if (request.type === 'pull' && status === 403) askAgain(turn, Infinity)
  if (status === 413 && request.type === 'push' && request.to > request.from) {
    narrow(turn)
    setLane(turn, name, { due: turn.now })
  } else if (status >= 400 && status < 500 && ![401, 408, 429].includes(status)) {
    notify(turn, { what: 'rejected', request: request.type, status, code })
  }
}

function failed(turn: Turn, id: number, reason: Of<'failed'>['reason']): void {
  const found = laneOf(turn.state, id)
  if (!found) return
  const [name, { request }] = found
  retryLane(turn, name)
  if (request.type === 'check') dropCheck(turn, request.body.scope)
  if (request.type === 'push' && reason === 'timeout') narrow(turn)
  if ('sha256' in request) forgetOffset(turn, request.sha256)
  if (reason === 'unparsable' || name === 'hello') return
  // The next contact begins with a hello (H01), and not sooner than the lane would have tried.
  const { due } = turn.state.lanes[name]
  patch(turn, { greeted: false })
  setLane(turn, 'hello', { due: Math.max(turn.state.lanes.hello.due, due) })
  notify(turn, { what: 'connection' })
}

function laneOf(state: State, id: number): [LaneName, NonNullable<Lane['sent']>] | undefined {
  for (const [name, { sent }] of Object.entries(state.lanes)) {
    if (sent?.id === id) return [name as LaneName, sent]
  }
  return undefined
}

function retryAfterMs(headers: Readonly<Record<string, string>>): number {
  const seconds = Number(headers['retry-after'] ?? 0)
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, RETRY_MS_MAX) : 0
}

// ---- storing -------------------------------------------------------------------------------

function stored(turn: Turn, id: number): void {
  const { storing } = turn.state
  if (storing.sent?.id !== id) return
  patch(turn, {
    contact: storing.sent.contact,
    storing: { sent: null, waiting: storing.waiting, failures: 0, due: turn.now },
  })
}

// A full disk: what was not written stays first in line (P07 on our own side).
function storeFailed(turn: Turn, id: number): void {
  const { storing } = turn.state
  if (storing.sent?.id !== id) return
  const failures = storing.failures + 1
  const waiting = [...storing.sent.writes, ...storing.waiting]
  const due = turn.now + backoff(failures, turn.jitter)
  patch(turn, { storing: { sent: null, waiting, failures, due } })
  notify(turn, { what: 'store_failed' })
}

function tell(turn: Turn): void {
  const { unaccepted } = turn
  const all = [...turn.records]
  const records = all.filter((record) => !isOfMachine(record))
  const counts = turn.counts || all.some((record) => record.startsWith('u:'))
  if (records.length > 0) notify(turn, { what: 'records', records })
  if (unaccepted.size > 0) notify(turn, { what: 'unaccepted', records: [...unaccepted] })
  if (counts) notify(turn, { what: 'counts' })
}
