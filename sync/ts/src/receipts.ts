// The server's answers to own lines and blobs, by whichever way they come.

import type { Rev, Sha256 } from './entry.ts'
import { UNACCEPTED } from './errors.ts'
import type { Verdict } from './errors.ts'
import type { Id } from './ids.ts'
import type { Receipt } from './messages.ts'
import { own, settles } from './own.ts'
import { beats, revOf } from './rev.ts'
import type { OwnLine, State } from './state.ts'
import { saveBlob, saveLine } from './turn.ts'
import type { Turn } from './turn.ts'

/** A line's newest receipt is its state. */
export function takeReceipt(turn: Turn, receipt: Receipt): void {
  const { lines, identity, meta, round } = turn.state
  const line = lines.get(receipt.n)
  // A cloned phone has lines of the same number: a receipt for its line must not pass for ours.
  if (!line || receipt.device !== identity.device) return
  if (receipt.entry !== null && receipt.entry !== line.id) return
  if (line.receipt && !beats(revOf(receipt), revOf(line.receipt), meta.epoch)) return
  const former = line.former && !isSame(line.former, receipt.verdict) ? line.former : null
  saveLine(turn, { ...line, receipt, settled: false, left: false, former, round: round.number })
  if (UNACCEPTED.includes(receipt.verdict)) {
    for (const op of line.entry.ops) turn.unaccepted.add(op.record)
  } else settleOthers(turn, line)
}

/** Of lines the server no longer holds: they are sent again, and their author learns it when they are
 * then judged otherwise (H03). */
export function voidReceipt(turn: Turn, line: OwnLine): void {
  const former = line.receipt?.verdict ?? line.former
  saveLine(turn, { ...line, receipt: null, settled: false, left: false, former })
  for (const id of settles(line)) {
    const other = own(turn.state).byId.get(id)
    if (other?.settled) saveLine(turn, { ...other, settled: false, left: false })
  }
}

/** The server says it has every byte and that the hash agrees. `epoch`: in which it said so. */
export function takeBlobReceipt(turn: Turn, sha256: Sha256, receipt: Rev, epoch: Id): void {
  const blob = turn.state.blobs.get(sha256)
  if (!blob || (blob.receipt === receipt && blob.epoch === epoch)) return
  if (isConfirmed(turn.state, sha256) && epoch !== turn.state.meta.epoch) return
  const bytes = blob.bytes === 'lost' ? 'freed' : blob.bytes
  saveBlob(turn, { ...blob, bytes, receipt, epoch, location: null })
  for (const line of own(turn.state).byBlob.get(sha256) ?? []) {
    for (const op of line.entry.ops) turn.records.add(op.record)
  }
}

/** A blob receipt of an older epoch is void (H03). */
export function isConfirmed(state: State, sha256: Sha256): boolean {
  const blob = state.blobs.get(sha256)
  return blob?.receipt != null && blob.epoch === state.meta.epoch
}

// D02, D04: what it replaced or gave up is settled with it.
function settleOthers(turn: Turn, line: OwnLine): void {
  for (const id of settles(line)) {
    const other = own(turn.state).byId.get(id)
    if (other?.receipt && UNACCEPTED.includes(other.receipt.verdict)) {
      saveLine(turn, { ...other, settled: true, left: true })
    }
  }
}

/** To its author a line is taken or it is not; how, its conflict or its code says. */
const isSame = (one: Verdict, other: Verdict): boolean =>
  UNACCEPTED.includes(one) === UNACCEPTED.includes(other)
