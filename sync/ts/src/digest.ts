// Digests of scopes: XOR over members (G01, G02). A digest is 16 bytes.

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Rev } from './entry.ts'
import { utf8 } from './utf8.ts'

export type Digest = Uint8Array
/** `[record, rev]` */
export type MemberRev = readonly [record: string, rev: Rev]

export const EMPTY: Digest = new Uint8Array(16)
export const BUCKETS = 256

export const hex = (digest: Digest): string => bytesToHex(digest)

export function member(record: string, rev: Rev): Digest {
  return sha256(utf8(`${record} ${rev}`)).subarray(0, 16)
}

export function bucket(record: string): number {
  return sha256(utf8(record))[0] ?? 0
}

export function xor(a: Digest, b: Digest): Digest {
  const sum = Uint8Array.from(a)
  into(sum, b)
  return sum
}

export function scopeDigest(members: Iterable<MemberRev>): Digest {
  const sum = new Uint8Array(16)
  for (const [record, rev] of members) into(sum, member(record, rev))
  return sum
}

/** 256 digests in hex. */
export function buckets(members: Iterable<MemberRev>): string[] {
  const sums = Array.from({ length: BUCKETS }, () => new Uint8Array(16))
  for (const [record, rev] of members) {
    const sum = sums[bucket(record)]
    if (sum) into(sum, member(record, rev))
  }
  return sums.map(hex)
}

function into(sum: Uint8Array, digest: Digest): void {
  for (let i = 0; i < 16; i++) sum[i] = (sum[i] ?? 0) ^ (digest[i] ?? 0)
}
