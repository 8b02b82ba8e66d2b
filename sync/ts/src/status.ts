// Where a record is, in words that mean one thing (promise 1). Computed from receipts only.

import type { Entry, Sha256 } from './entry.ts'
import type { Verdict } from './errors.ts'
import type { Id } from './ids.ts'
import type { Receipt, RowId } from './messages.ts'
import { isSettled, isUnaccepted, own } from './own.ts'
import { parseReceipt } from './parse.ts'
import { isConfirmed } from './receipts.ts'
import type { OwnLine, State } from './state.ts'

export interface Status {
  readonly state:
    'saved_local' | 'uploading' | 'received_partial' | 'received' | 'unaccepted' | 'photo_lost'
  readonly linesTotal: number
  readonly linesReceived: number
  readonly photosMissing: number
  readonly code?: string
  /** Server time of the newest receipt. */
  readonly at?: number
}

export interface Unaccepted {
  readonly device: Id
  readonly n: number
  readonly entry: Id | null
  readonly verdict: Verdict
  readonly code: string | null
  readonly op: number | null
  readonly field: string | null
  /** The entry this one waits for: both are one item to a person (D01). */
  readonly waits: Id | null
  readonly at: number
  readonly records: readonly RowId[]
  /** null where the line cannot be read. */
  readonly line: Entry | null
}

export interface Counts {
  readonly lines: number
  readonly photos: number
  readonly lost: readonly Sha256[]
  readonly unaccepted: readonly Unaccepted[]
}

/** undefined: neither a row nor an own line speaks of it. */
export function statusOf(state: State, record: RowId): Status | undefined {
  const { dropped, byRecord } = own(state)
  const all = byRecord.get(record)
  const refused = unacceptedOf(state).byRecord.get(record)
  if (!all && !refused) return state.rows.has(record) ? RECEIVED : undefined
  const lines = (all ?? []).filter((line) => !dropped.has(line.id) && !line.settled)
  const received = lines.filter((line) => line.receipt !== null)
  const missing = [...new Set(lines.flatMap((line) => line.entry.blobs))].filter(
    (sha256) => !isConfirmed(state, sha256),
  )
  const counted = {
    linesTotal: lines.length,
    linesReceived: received.length,
    photosMissing: missing.length,
  }
  if (refused) {
    return { state: 'unaccepted', ...counted, code: refused.code ?? 'internal', at: refused.at }
  }
  if (missing.some((sha256) => state.blobs.get(sha256)?.bytes === 'lost')) {
    return { state: 'photo_lost', ...counted }
  }
  if (received.length < lines.length) {
    return { state: isUnderWay(state, lines) ? 'uploading' : 'saved_local', ...counted }
  }
  const at = Math.max(...received.map((line) => line.receipt?.at ?? 0))
  const when = received.length === 0 ? {} : { at }
  return { state: missing.length > 0 ? 'received_partial' : 'received', ...counted, ...when }
}

/** Somebody else's: it is here because the office has it. */
const RECEIVED: Status = { state: 'received', linesTotal: 0, linesReceived: 0, photosMissing: 0 }

export function counts(state: State): Counts {
  // A photo that no line names belongs to a draft: there it is counted, here it would wait for ever.
  const { byBlob } = own(state)
  const pending = [...state.blobs.values()].filter(
    ({ sha256 }) => byBlob.has(sha256) && !isConfirmed(state, sha256),
  )
  return {
    lines: [...state.lines.values()].filter((line) => line.receipt === null).length,
    photos: pending.filter((blob) => blob.bytes === 'here').length,
    lost: pending.filter((blob) => blob.bytes === 'lost').map((blob) => blob.sha256),
    unaccepted: unacceptedOf(state).items,
  }
}

/** Blobs whose bytes the phone may free (B07): settled, received in this epoch, and that is stored. */
export function freeable(state: State): Sha256[] {
  if (state.storing.sent || state.storing.waiting.length > 0) return []
  return [...state.blobs.values()]
    .filter(({ sha256, bytes }) => {
      const lines = own(state).byBlob.get(sha256) ?? []
      return (
        bytes === 'here' &&
        isConfirmed(state, sha256) &&
        lines.length > 0 &&
        lines.every((line) => line.receipt !== null && isSettled(line))
      )
    })
    .map((blob) => blob.sha256)
}

/** Scopes granted whose rows have not all come yet: 正在取责任区. */
export function fetching(state: State): string[] {
  return state.meta.grants.filter((scope) => {
    const cursor = state.scopes.get(scope)?.cursor
    return !cursor || cursor.sweep
  })
}

function isUnderWay(state: State, lines: readonly OwnLine[]): boolean {
  const request = state.lanes.push.sent?.request
  return (
    request?.type === 'push' &&
    lines.some(({ n, receipt }) => receipt === null && n >= request.from && n <= request.to)
  )
}

// ---- 未受理 --------------------------------------------------------------------------------

interface AllUnaccepted {
  readonly items: readonly Unaccepted[]
  readonly byRecord: ReadonlyMap<RowId, Unaccepted>
}

const known = new WeakMap<State['lines'], WeakMap<State['rows'], AllUnaccepted>>()

function unacceptedOf(state: State): AllUnaccepted {
  const byRows = known.get(state.lines) ?? new WeakMap<State['rows'], AllUnaccepted>()
  known.set(state.lines, byRows)
  const held = byRows.get(state.rows)
  if (held) return held
  const items = [...ofLines(state), ...ofRows(state)]
  const byRecord = new Map(
    [...items].reverse().flatMap((item) => item.records.map((record) => [record, item] as const)),
  )
  byRows.set(state.rows, { items, byRecord })
  return { items, byRecord }
}

function ofLines(state: State): Unaccepted[] {
  const { dropped } = own(state)
  return [...state.lines.values()]
    .filter((line) => isUnaccepted(line) && !line.settled && !dropped.has(line.id))
    .map((line) => itemOf(line.receipt as Receipt, line.entry))
}

// R04: the lines of the person's other phones, or of this one before it lost them.
function ofRows(state: State): Unaccepted[] {
  const { dropped } = own(state)
  const items: Unaccepted[] = []
  for (const [record, row] of state.rows) {
    if (!record.startsWith('u:')) continue
    const receipt = parseReceipt(row.body['receipt'])
    if (!receipt || (receipt.entry !== null && dropped.has(receipt.entry))) continue
    if (receipt.device === state.identity.device && state.lines.has(receipt.n)) continue
    items.push(itemOf(receipt, entryOfText(row.body['line'])))
  }
  return items
}

function itemOf(receipt: Receipt, line: Entry | null): Unaccepted {
  const { device, n, entry, verdict, code, op, field, waits, at } = receipt
  const records = [...new Set(line?.ops.map((op) => op.record) ?? [])]
  return { device, n, entry, verdict, code, op, field, waits, at, records, line }
}

// A line the server calls malformed can hold anything: nothing of it is relied on.
function entryOfText(text: unknown): Entry | null {
  if (typeof text !== 'string') return null
  try {
    const entry = JSON.parse(text) as Entry | null
    const { ops, blobs = [] } = entry ?? {}
    if (!Array.isArray(ops) || !ops.every(isOp) || !Array.isArray(blobs)) return null
    // Members that may be missing (section 2) are there for whoever shows them.
    const whole = ops.map((op) => ({ ...op, set: op.set ?? {}, base: op.base ?? {} }))
    return { ...(entry as Entry), ops: whole, blobs }
  } catch {
    return null
  }
}

function isOp(op: unknown): boolean {
  const { record, set = {} } = (op ?? {}) as { record?: unknown; set?: unknown }
  return typeof record === 'string' && typeof set === 'object' && set !== null
}
