// The append-only log of one device: each line names the hash of the one before it (C01).

import { buildEntry, entryBytes, entryOfBytes } from './entry.ts'
import type { At, Entry, Hash, Json, Op, Sha256 } from './entry.ts'
import { CaptureError } from './errors.ts'
import type { CaptureCode } from './errors.ts'
import type { Id } from './ids.ts'
import { BLOBS_PER_ENTRY, DEPTH, FIELDS_PER_OP, INTEGER, LINE_BYTES, OPS } from './limits.ts'
import { hex, sha256 } from './sha256.ts'
import { utf8 } from './utf8.ts'

/** `{n, hash}` of a feed's last line. */
export interface Head {
  readonly n: number
  readonly hash: Hash
}

export interface Line extends Head {
  readonly id: Id
  /** Without the newline. */
  readonly bytes: Uint8Array
  readonly entry: Entry
}

export interface Draft {
  readonly id: Id
  readonly ops: readonly Op[]
  readonly blobs: readonly Sha256[]
  readonly replaces?: Id
}

export const FIRST_PREV: Hash = '0'.repeat(32)
export const START: Head = { n: 0, hash: FIRST_PREV }

/** `bytes` without the newline. */
export function lineHash(bytes: Uint8Array): Hash {
  return hex(sha256(bytes).subarray(0, 16))
}

/** The heads after each of these lines, whatever their bytes are (C03). */
export function chain(head: Head, lines: readonly Uint8Array[]): Head[] {
  return lines.map((bytes, i) => ({ n: head.n + i + 1, hash: lineHash(bytes) }))
}

/**
 * SHA-256 over the previous chain, the receipt's text without `chain`, and the positions it
 * allocated (R02).
 */
export function receiptChain(
  previous: Sha256,
  receipt: string,
  positions: readonly (readonly [scope: string, position: number])[],
): Sha256 {
  const allocated = [...positions]
    .sort(([a, p], [b, q]) => (a === b ? p - q : a < b ? -1 : 1))
    .map(([scope, position]) => `${scope}=${position}`)
    .join(',')
  return hex(sha256(utf8(`${previous}\n${receipt}\n${allocated}`)))
}

/**
 * Pure and synchronous, so that one store transaction can read the head and write line and head (C02).
 * Throws CaptureError before anything is written.
 */
export function capture(head: Head, device: Id, at: At, draft: Draft): Line {
  if (draft.ops.length === 0) throw new CaptureError('no_op', 0, OPS)
  atMost('too_many_ops', draft.ops.length, OPS)
  atMost('too_many_blobs', draft.blobs.length, BLOBS_PER_ENTRY)
  for (const op of draft.ops) atMost('too_many_fields', Object.keys(op.set).length, FIELDS_PER_OP)
  for (const op of draft.ops) readable(op.set, DEPTH_OF_SET)
  const n = head.n + 1
  const bytes = entryBytes(buildEntry({ ...draft, device, at, n, prev: head.hash }))
  atMost('line_too_long', bytes.length, LINE_BYTES)
  // Read back, so that memory holds what was frozen and not what was typed.
  return { n, hash: lineHash(bytes), id: draft.id, bytes, entry: entryOfBytes(bytes) }
}

const DEPTH_OF_SET = 4

// What JSON can write and the server cannot take (E03, E04).
function readable(value: Json, depth: number): void {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e21) {
    atMost('integer_too_large', Math.abs(value), INTEGER)
  }
  if (typeof value !== 'object' || value === null) return
  atMost('too_deep', depth, DEPTH)
  for (const member of Object.values(value)) readable(member as Json, depth + 1)
}

function atMost(code: CaptureCode, count: number, max: number): void {
  if (count > max) throw new CaptureError(code, count, max)
}
