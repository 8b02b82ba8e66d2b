// What goes out next. Said anew after every event from what is true then, so that no wake-up can be
// missed: a lane with work is either sending or has its moment in the timer (H07).

import { blobRequest, nextBlob } from './blobs.ts'
import { checkRequest, nextCheck } from './check.ts'
import { helloRequest } from './hello.ts'
import { REQUEST_MS_MAX } from './limits.ts'
import { beginRound, pullRequest } from './pull.ts'
import { pushRange, stop } from './push.ts'
import type { LaneName, State } from './state.ts'
import { checks, patch, send } from './turn.ts'
import type { Turn } from './turn.ts'

const LANES: readonly LaneName[] = ['hello', 'push', 'pull', 'blob']
const NEVER = Infinity

export function schedule(turn: Turn): void {
  store(turn)
  for (const lane of LANES) {
    if (turn.state.lanes[lane].sent === null && readyAt(turn, lane) <= turn.now) sendOn(turn, lane)
  }
  setTimer(turn)
}

/** When an idle lane may send; NEVER: it has nothing to do, or waits for another event. */
function readyAt(turn: Turn, lane: LaneName): number {
  const { state, now } = turn
  const { due } = state.lanes[lane]
  if (lane === 'hello') return state.greeted ? Math.max(due, state.helloAt) : due
  if (!state.greeted) return NEVER
  switch (lane) {
    case 'push':
      return pushRange(state) === null ? NEVER : due
    case 'pull':
      // What came last must be stored before more comes: the cursor never runs ahead of the rows.
      return isStoring(state) ? NEVER : Math.max(due, pullAt(state))
    case 'blob':
      return Math.max(due, nextBlob(state, now)?.at ?? NEVER)
  }
}

function pullAt(state: State): number {
  if (state.round.open) return -Infinity
  return Math.min(state.pullAt, nextCheck(state)?.at ?? NEVER)
}

function sendOn(turn: Turn, lane: LaneName): void {
  switch (lane) {
    case 'hello':
      send(turn, lane, { type: 'hello', body: helloRequest(turn.state) })
      return
    case 'push':
      sendPush(turn)
      return
    case 'pull':
      sendPull(turn)
      return
    case 'blob': {
      const next = nextBlob(turn.state, turn.now)
      const request = next && blobRequest(turn.state, next.sha256)
      if (request) send(turn, lane, request)
    }
  }
}

function sendPush(turn: Turn): void {
  const range = pushRange(turn.state)
  if (range === null) return
  if ('why' in range) stop(turn, range)
  else send(turn, 'push', { type: 'push', device: turn.state.identity.device, ...range })
}

function sendPull(turn: Turn): void {
  const next = nextCheck(turn.state)
  if (!turn.state.round.open && next && next.at <= turn.now) {
    const body = checkRequest(turn.state, next.scope)
    if (body) {
      send(turn, 'pull', { type: 'check', body })
      return
    }
    checks(turn).delete(next.scope)
  }
  beginRound(turn)
  send(turn, 'pull', { type: 'pull', body: pullRequest(turn) })
}

// ---- storing -------------------------------------------------------------------------------

// One transaction at a time, and what waits goes whole into the next: what is stored is always
// something that was true at one moment.
function store(turn: Turn): void {
  const { storing, meta, next } = turn.state
  const waiting = [...storing.waiting, ...turn.writes]
  turn.writes.length = 0
  if (storing.sent || waiting.length === 0 || storing.due > turn.now) {
    if (waiting.length > storing.waiting.length) patch(turn, { storing: { ...storing, waiting } })
    return
  }
  const sent = { id: next, writes: waiting, contact: meta.contact }
  patch(turn, { next: next + 1, storing: { ...storing, sent, waiting: [] } })
  turn.effects.push({ type: 'store', id: sent.id, writes: waiting })
}

const isStoring = ({ storing }: State): boolean =>
  storing.sent !== null || storing.waiting.length > 0

// ---- the timer -----------------------------------------------------------------------------

function setTimer(turn: Turn): void {
  const { state } = turn
  const moments = LANES.map((lane) => {
    const { sent } = state.lanes[lane]
    return sent ? sent.at + REQUEST_MS_MAX : readyAt(turn, lane)
  })
  const { sent, waiting, due } = state.storing
  if (!sent && waiting.length > 0) moments.push(due)
  const next = Math.min(...moments)
  const at = next === NEVER ? null : Math.max(next, turn.now)
  if (at === state.timer) return
  patch(turn, { timer: at })
  if (at !== null) turn.effects.push({ type: 'timer', name: 'sync', at })
}
