// Digests of scopes: XOR over members (G01, G02). A digest is 16 bytes, in messages base64.

import { base64 } from './base64.ts'
import type { Rev } from './entry.ts'
import { sha256 } from './sha256.ts'
import { utf8 } from './utf8.ts'

export type Digest = Uint8Array
/** `[record, rev]` */
export type MemberRev = readonly [record: string, rev: Rev]

export const EMPTY: Digest = new Uint8Array(16)
export const BUCKETS = 256
/** Of each digest, in a check: whether the right one was found, the whole digest proves. */
export const BUCKET_BYTES = 4

export const digestText = (digest: Digest): string => base64(digest)

export function member(record: string, rev: Rev): Digest {
  return sha256(utf8(`${record} ${rev}`)).subarray(0, 16)
}

export function bucket(record: string): number {
  return sha256(utf8(record))[0] ?? 0
}

export function scopeDigest(members: Iterable<MemberRev>): Digest {
  const sum = new Uint8Array(16)
  for (const [record, rev] of members) into(sum, member(record, rev))
  return sum
}

/** Of each of 256 digests the first BUCKET_BYTES, one after the other, in base64. */
export function buckets(members: Iterable<MemberRev>): string {
  const sums = new Uint8Array(BUCKETS * BUCKET_BYTES)
  for (const [record, rev] of members) {
    const digest = member(record, rev)
    const at = bucket(record) * BUCKET_BYTES
    for (let i = 0; i < BUCKET_BYTES; i++) sums[at + i] = (sums[at + i] ?? 0) ^ (digest[i] ?? 0)
  }
  return base64(sums)
}

/** XOR, in place; done twice it undoes itself. */
export function into(sum: Uint8Array, digest: Digest): void {
  for (let i = 0; i < 16; i++) sum[i] = (sum[i] ?? 0) ^ (digest[i] ?? 0)
}
