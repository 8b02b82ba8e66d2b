// One thing a person did, frozen the moment it was captured.

import type { Id } from './ids.ts'
import { utf8, utf8Text } from './utf8.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** First 16 bytes of SHA-256, 32 hex digits. */
export type Hash = string
/** 64 hex digits. */
export type Sha256 = string
/** `epoch:number` */
export type Rev = string
/** The id of the entry that last wrote a field. */
export type Stamp = Id

export const ACTS = [
  ...(['put', 'add', 'del', 'undel', 'settle'] as const),
  ...(['abandon', 'refer', 'adopt', 'decline'] as const),
  // The server's own (S11): read in histories, never captured.
  'leave',
] as const
export type Act = (typeof ACTS)[number]

/** `wall`, `offset` in ms; `mono` ms since the page began; `contact` is `epoch:number`. */
export interface At {
  readonly wall: number
  readonly mono: number
  readonly boot: Id
  readonly offset: number
  readonly contact: Rev
}

export interface Op {
  readonly kind: string
  readonly record: Id
  readonly act: Act
  readonly set: JsonObject
  readonly base: Readonly<Record<string, Stamp | null>>
}

export interface Entry {
  readonly v: 1
  readonly device: Id
  readonly n: number
  readonly prev: Hash
  readonly id: Id
  readonly at: At
  readonly ops: readonly Op[]
  readonly blobs: readonly Sha256[]
  readonly replaces?: Id
}

/** The field that `del` and `undel` write. */
export const DELETED = '$deleted'

/** The members in their one order: the text is hashed, so its order is part of it. */
export function buildEntry(entry: Omit<Entry, 'v'>): Entry {
  const { device, n, prev, id, at, ops, blobs, replaces } = entry
  return {
    v: 1,
    device,
    n,
    prev,
    id,
    at: { wall: at.wall, mono: at.mono, boot: at.boot, offset: at.offset, contact: at.contact },
    ops: ops.map(({ kind, record, act, set, base }) => ({ kind, record, act, set, base })),
    blobs: [...blobs],
    ...(replaces === undefined ? {} : { replaces }),
  }
}

/** The line's bytes, without the newline. */
export function entryBytes(entry: Entry): Uint8Array {
  return utf8(JSON.stringify(entry, wellFormed))
}

/** One's own line, read back from the store that froze it. */
export function entryOfBytes(bytes: Uint8Array): Entry {
  return JSON.parse(utf8Text(bytes)) as Entry
}

// A line with a lone surrogate or a NUL cannot be read by the server (E03): a pasted text must not
// cost a person the whole line.
const UNREADABLE = /\p{Surrogate}|\0/gu

function wellFormed(this: unknown, _name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNREADABLE, '\uFFFD')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return wellNamed(value)
  return value
}

function wellNamed(value: object): object {
  const names = Object.keys(value)
  const changed = names.some((name) => name.search(UNREADABLE) >= 0)
  if (!changed) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.replace(UNREADABLE, '\uFFFD'), member]),
  )
}
