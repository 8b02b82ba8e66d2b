// Photos travel beside the lines: after the line that names them, the newest hazard first (section 13).

import type { Sha256 } from './entry.ts'
import { CHUNK_BYTES } from './limits.ts'
import { own } from './own.ts'
import { parseBlob, parseProblem } from './parse.ts'
import { isConfirmed, takeBlobReceipt } from './receipts.ts'
import { epochOf } from './rev.ts'
import type { Request, State, StoredBlob, Upload } from './state.ts'
import { backoff, blobs, notify, patch, saveBlob, uploads } from './turn.ts'
import type { Turn } from './turn.ts'

type BlobRequest = Extract<Request, { sha256: Sha256 }>

const URGENT = 'hazard'
const LARGE = 'video/'
const RANK_URGENT = 2 ** 51
const IDLE: Upload = { offset: null, failures: 0, due: -Infinity }

/** The blob to send next and the moment from which it may go. */
export function nextBlob(
  state: State,
  now: number,
): { readonly sha256: Sha256; readonly at: number } | null {
  let best: { sha256: Sha256; at: number; rank: number } | null = null
  for (const blob of state.blobs.values()) {
    const rank = rankOf(state, blob)
    if (rank === null) continue
    const at = Math.max(now, state.uploads.get(blob.sha256)?.due ?? now)
    if (!best || at < best.at || (at === best.at && rank > best.rank)) {
      best = { sha256: blob.sha256, at, rank }
    }
  }
  return best
}

export function blobRequest(state: State, sha256: Sha256): BlobRequest | null {
  const blob = state.blobs.get(sha256)
  if (!blob) return null
  const { size, mime, location } = blob
  // Without the bytes only this can still be asked: whether the server has them (H03).
  if (location === null || blob.bytes !== 'here') {
    return { type: 'blob_create', sha256, size, mime }
  }
  const offset = state.uploads.get(sha256)?.offset ?? null
  if (offset === null || offset >= size) return { type: 'blob_head', sha256, location }
  const length = Math.min(CHUNK_BYTES, size - offset)
  return { type: 'blob_patch', sha256, location, offset, length }
}

export function onBlob(
  turn: Turn,
  request: BlobRequest,
  answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
  },
): void {
  const { sha256 } = request
  const blob = turn.state.blobs.get(sha256)
  if (!blob || isConfirmed(turn.state, sha256)) return
  if (answer.status >= 300) {
    onRefused(turn, request, blob, answer.status, parseProblem(answer.body))
    return
  }
  const { offset, location, receipt } = parseBlob(answer.headers)
  if (receipt !== null) {
    if (epochOf(receipt) !== turn.state.meta.epoch) patch(turn, { greeted: false })
    takeBlobReceipt(turn, sha256, receipt, turn.state.meta.epoch)
    uploads(turn).delete(sha256)
    return
  }
  if (blob.bytes !== 'here') {
    saveBlob(turn, { ...blob, bytes: 'lost' })
    return
  }
  if (request.type === 'blob_create') onCreated(turn, blob, location, offset)
  else onOffset(turn, request, offset)
}

/** How much of the last chunk arrived is not known: HEAD says (B05). */
export function forgetOffset(turn: Turn, sha256: Sha256): void {
  setUpload(turn, sha256, { offset: null })
}

export function addBlob(turn: Turn, sha256: Sha256, size: number, mime: string): void {
  const held = turn.state.blobs.get(sha256)
  if (held?.bytes === 'here') return
  const receipt = held?.receipt ?? null
  const epoch = held?.epoch ?? null
  saveBlob(turn, { sha256, size, mime, bytes: 'here', receipt, epoch, location: null })
}

export function removeBytes(turn: Turn, sha256: Sha256, bytes: 'freed' | 'lost'): void {
  const held = turn.state.blobs.get(sha256) ?? { ...UNSEEN, sha256 }
  const state = isConfirmed(turn.state, sha256) ? 'freed' : bytes
  if (blobs(turn).get(sha256)?.bytes === state) return
  saveBlob(turn, { ...held, bytes: state })
  for (const line of own(turn.state).byBlob.get(sha256) ?? []) {
    for (const op of line.entry.ops) turn.records.add(op.record)
  }
}

const UNSEEN = { size: 0, mime: '', receipt: null, epoch: null, location: null }

// Higher goes first; null: not now. B02: a line without a receipt would only earn a 409. A video waits for
// every picture: between two of its chunks a picture that was taken meanwhile goes first.
function rankOf(state: State, { sha256, bytes, mime }: StoredBlob): number | null {
  if (bytes === 'lost' || isConfirmed(state, sha256)) return null
  let rank: number | null = null
  for (const line of own(state).byBlob.get(sha256) ?? []) {
    if (line.receipt === null) continue
    const isUrgent = line.entry.ops.some((op) => op.kind === URGENT)
    rank = Math.max(rank ?? 0, line.n + (isUrgent ? RANK_URGENT : 0))
  }
  return rank !== null && mime.startsWith(LARGE) ? rank - 2 * RANK_URGENT : rank
}

function onCreated(
  turn: Turn,
  blob: StoredBlob,
  location: string | null,
  offset: number | null,
): void {
  if (location === null) {
    postpone(turn, blob.sha256)
    return
  }
  saveBlob(turn, { ...blob, location })
  setUpload(turn, blob.sha256, { offset: offset ?? 0 })
}

function onOffset(turn: Turn, request: BlobRequest, offset: number | null): void {
  const { sha256 } = request
  const size = turn.state.blobs.get(sha256)?.size ?? 0
  setUpload(turn, sha256, { offset })
  const moved = request.type === 'blob_patch' && offset !== null && offset > request.offset
  if (moved && offset < size) setUpload(turn, sha256, { failures: 0 })
  // All bytes there and no receipt, or no offset at all: asking again at once would never end.
  else if (offset === null || offset >= size || request.type === 'blob_patch') {
    postpone(turn, sha256)
  }
}

function onRefused(
  turn: Turn,
  request: BlobRequest,
  blob: StoredBlob,
  status: number,
  code: string | null,
): void {
  const { sha256 } = request
  setUpload(turn, sha256, { offset: null })
  const isGone = status === 404 || status === 410 || status === 460
  if (isGone && request.type !== 'blob_create') saveBlob(turn, { ...blob, location: null })
  if (![404, 409, 410].includes(status)) {
    notify(turn, { what: 'rejected', request: request.type, status, code })
  }
  postpone(turn, sha256)
}

// One blob the server will not have must not hold up the others.
function postpone(turn: Turn, sha256: Sha256): void {
  const failures = (turn.state.uploads.get(sha256)?.failures ?? 0) + 1
  const due = failures === 1 ? turn.now : turn.now + backoff(failures - 1, turn.jitter)
  setUpload(turn, sha256, { failures, due })
}

function setUpload(turn: Turn, sha256: Sha256, change: Partial<Upload>): void {
  uploads(turn).set(sha256, { ...IDLE, ...turn.state.uploads.get(sha256), ...change })
}
