// One step while it is under way. Maps are copied the first time a step changes them, and only then:
// whoever holds the state before the step sees nothing of it.

import type { Rev } from './entry.ts'
import { RETRY_MS_FIRST, RETRY_MS_MAX } from './limits.ts'
import { forgetOwn } from './own.ts'
import type { RowId, Scope } from './messages.ts'
import type {
  Check,
  Effect,
  Lane,
  LaneName,
  Meta,
  Notice,
  OwnLine,
  Request,
  ScopeState,
  State,
  StoredBlob,
  StoredMember,
  StoredRow,
  Upload,
  Write,
} from './state.ts'

type Copied = 'lines' | 'rows' | 'scopes' | 'orphans' | 'blobs' | 'checks' | 'uploads'

export interface Turn {
  state: State
  readonly now: number
  readonly jitter: number
  readonly writes: Write[]
  readonly effects: Effect[]
  readonly records: Set<RowId>
  readonly unaccepted: Set<RowId>
  counts: boolean
  /** Tables and digests of this step's own, to be changed in place. */
  readonly fresh: Set<object>
}

export function begin(state: State, now: number, jitter = 0): Turn {
  return {
    state,
    now,
    jitter,
    writes: [],
    effects: [],
    records: new Set(),
    unaccepted: new Set(),
    counts: false,
    fresh: new Set(),
  }
}

export function patch(turn: Turn, change: Partial<State>): void {
  turn.state = { ...turn.state, ...change }
}

export function notify(turn: Turn, notice: Notice): void {
  turn.effects.push({ type: 'notify', notice })
}

export function setMeta<Name extends keyof Meta>(turn: Turn, key: Name, value: Meta[Name]): void {
  if (turn.state.meta[key] === value) return
  patch(turn, { meta: { ...turn.state.meta, [key]: value } })
  turn.writes.push({ store: 'meta', key, value } as Write)
}

// ---- the tables ----------------------------------------------------------------------------

export function lines(turn: Turn): Map<number, OwnLine> {
  const table = mutable(turn, 'lines', toMap)
  forgetOwn(table)
  return table
}
export const rows = (turn: Turn): Map<RowId, StoredRow> => mutable(turn, 'rows', toMap)
export const scopes = (turn: Turn): Map<Scope, ScopeState> => mutable(turn, 'scopes', toMap)
export const orphans = (turn: Turn): Set<RowId> => mutable(turn, 'orphans', (set) => new Set(set))
export const blobs = (turn: Turn): Map<string, StoredBlob> => mutable(turn, 'blobs', toMap)
export const checks = (turn: Turn): Map<Scope, Check> => mutable(turn, 'checks', toMap)
export const uploads = (turn: Turn): Map<string, Upload> => mutable(turn, 'uploads', toMap)

export function members(turn: Turn, scope: Scope): Map<RowId, StoredMember> {
  const held = turn.state.scopes.get(scope)
  if (held && turn.fresh.has(held.members)) return held.members as Map<RowId, StoredMember>
  const copy = new Map(held?.members)
  turn.fresh.add(copy)
  setScope(turn, scope, { members: copy })
  return copy
}

export function setScope(turn: Turn, scope: Scope, change: Partial<ScopeState>): void {
  const held = turn.state.scopes.get(scope) ?? NO_SCOPE
  scopes(turn).set(scope, { ...held, ...change })
}

export function saveLine(turn: Turn, line: OwnLine): void {
  lines(turn).set(line.n, line)
  const { n, receipt, settled, left, former } = line
  turn.writes.push({
    store: 'receipts',
    key: n,
    value: receipt || former ? { n, receipt, settled, left, former } : null,
  })
  turn.counts = true
  for (const op of line.entry.ops) turn.records.add(op.record)
}

export function saveBlob(turn: Turn, blob: StoredBlob): void {
  blobs(turn).set(blob.sha256, blob)
  turn.writes.push({ store: 'blobs', key: blob.sha256, value: blob })
  turn.counts = true
  notify(turn, { what: 'blob', sha256: blob.sha256 })
}

const NO_SCOPE: ScopeState = {
  cursor: null,
  members: new Map(),
  digest: null,
  checkedAt: -Infinity,
}

const toMap = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> => new Map(map)

function mutable<Name extends Copied, Copy extends State[Name]>(
  turn: Turn,
  name: Name,
  copy: (table: State[Name]) => Copy,
): Copy {
  const held = turn.state[name]
  if (turn.fresh.has(held)) return held as Copy
  const made = copy(held)
  turn.fresh.add(made)
  patch(turn, { [name]: made })
  return made
}

// ---- the lanes -----------------------------------------------------------------------------

export function setLane(turn: Turn, name: LaneName, change: Partial<Lane>): void {
  const lanes = turn.state.lanes
  patch(turn, { lanes: { ...lanes, [name]: { ...lanes[name], ...change } } })
}

export function send(turn: Turn, name: LaneName, request: Request): void {
  const id = turn.state.next
  patch(turn, { next: id + 1 })
  setLane(turn, name, { sent: { id, request, at: turn.now } })
  turn.effects.push({ type: 'send', id, request, contact: turn.state.contact })
}

/** Tried again after 1 s, doubling to at most 5 minutes (H07). */
export function retryLane(turn: Turn, name: LaneName, atLeastMs = 0): void {
  const failures = turn.state.lanes[name].failures + 1
  const wait = Math.max(backoff(failures, turn.jitter), atLeastMs)
  setLane(turn, name, { sent: null, failures, due: turn.now + wait })
}

export function backoff(failures: number, jitter: number): number {
  const wait = RETRY_MS_FIRST * 2 ** Math.min(failures - 1, 20)
  return Math.min(wait * (1 + jitter / 4), RETRY_MS_MAX)
}

/** Only what the device has stored may be named as its contact (T04). */
export function laterContact(held: Rev | undefined, said: Rev): Rev {
  if (held === undefined) return said
  const [heldEpoch, heldNumber] = held.split(':')
  const [epoch, number] = said.split(':')
  return epoch === heldEpoch && Number(number) < Number(heldNumber) ? held : said
}

/**
 * An answer of the same ledger that knows less than an earlier one said: it may have been put back,
 * and only a hello shows it that (H04). Answers may also have overtaken each other: then it costs one.
 */
export function heed(turn: Turn, said: Rev): void {
  const { meta } = turn.state
  if (laterContact(meta.contact, said) !== said) patch(turn, { greeted: false })
}
