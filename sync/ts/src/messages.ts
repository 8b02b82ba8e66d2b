// What travels (sections 5 to 13), except lines, which are bytes.

import type { Hash, JsonObject, Rev, Sha256, Stamp } from './entry.ts'
import type { Verdict } from './errors.ts'
import type { Id } from './ids.ts'

/** `org:ID` `zone:ID` `team:ID` `person:ID` `device:ID` */
export type Scope = string
/** An id of a record, or `r:DEVICE:N`, `u:DEVICE:N`, `b:SHA256`. */
export type RowId = string
/** 16 bytes in base64. */
export type DigestText = string

export interface Receipt {
  readonly epoch: Id
  readonly number: number
  readonly device: Id
  readonly n: number
  readonly entry: Id | null
  readonly verdict: Verdict
  readonly code: string | null
  readonly op: number | null
  readonly field: string | null
  readonly at: number
  readonly rev: Rev | null
  readonly waits: Id | null
}

export interface BlobReceipt {
  readonly epoch: Id
  readonly number: number
  readonly device: Id
  readonly blob: Sha256
  readonly size: number
  readonly at: number
}

export interface Known {
  readonly n: number
  readonly hash: Hash
}

export interface Pending {
  readonly lines: number
  readonly blobs: number
}

export interface Purged {
  readonly scope: Scope
  readonly rows: number
  /** Own lines in that scope that were still unsettled: kept, never deleted. */
  readonly sealed: number
}

export interface Revoked {
  readonly scope: Scope
  readonly number: number
}

/** The edge adds `wall` and `storage`: they are of the moment of sending. */
export interface HelloRequest {
  readonly device: Id
  readonly app: string
  readonly format: 1
  readonly head: Known
  readonly pending: Pending
  readonly contact: Rev
  readonly purged: readonly Purged[]
}

export interface HelloAnswer {
  readonly epoch: Id
  readonly now: number
  readonly contact: Rev
  readonly known: Known
  readonly grants: readonly Scope[]
  readonly revoked: readonly Revoked[]
  readonly limits: JsonObject
}

export interface Receipts {
  readonly answer: 'receipts'
  readonly epoch: Id
  readonly now: number
  readonly contact: Rev
  readonly receipts: readonly Receipt[]
}

export interface Gap {
  readonly answer: 'gap'
  readonly expected: number
}

/** `n` null: the server cannot tell the last common line; push again from an earlier one (P05). */
export interface Fork {
  readonly answer: 'fork'
  readonly n: number | null
  readonly hash: Hash | null
  readonly ticket: string
}

export interface TooLarge {
  readonly answer: 'too_large'
  readonly n: number
}

export type PushAnswer = Receipts | Gap | Fork | TooLarge

/** `after` is set inside a snapshot: the record id after which it goes on (S06). */
export interface Cursor {
  readonly scope: Scope
  readonly epoch: Id
  readonly position: number
  readonly digest: DigestText
  readonly after: RowId | null
}

export interface PullRequest {
  readonly device: Id
  readonly cursors: readonly Cursor[]
  readonly bytes: number
}

export type Row =
  | { readonly record: RowId; readonly rev: Rev; readonly body: JsonObject }
  | { readonly record: RowId; readonly rev: Rev; readonly gone: true }

export interface Page {
  readonly scope: Scope
  readonly from: number
  readonly to: number
  readonly rows: readonly Row[]
  readonly more: boolean
  readonly snapshot: { readonly position: number; readonly after: RowId | null } | null
  readonly digest: DigestText | null
  readonly check: boolean
}

export interface PullAnswer {
  readonly epoch: Id
  readonly now: number
  readonly contact: Rev
  readonly grants: readonly Scope[]
  readonly revoked: readonly Revoked[]
  readonly heads: Readonly<Record<Scope, number>>
  readonly pages: readonly Page[]
  readonly more: boolean
}

export interface CheckRequest {
  readonly device: Id
  readonly scope: Scope
  readonly epoch: Id
  readonly position: number
  /** Base64. */
  readonly buckets?: string
  /** In their place: whose rows are asked for. */
  readonly records?: readonly RowId[]
}

export type CheckAnswer =
  | { readonly answer: 'same' }
  | { readonly answer: 'behind'; readonly head: number }
  | {
      readonly answer: 'differs'
      readonly buckets: readonly number[]
      /** Every live one of these buckets. */
      readonly members: readonly (readonly [RowId, Rev])[]
      /** Of the scope. */
      readonly digest: DigestText
    }
  | { readonly answer: 'rows'; readonly rows: readonly Row[]; readonly digest: DigestText }

/** What a record's row says (section 10). */
export interface RecordBody {
  readonly kind: string
  readonly fields: JsonObject
  readonly stamps: Readonly<Record<string, Stamp>>
  readonly adds: readonly JsonObject[]
  readonly deleted: boolean
  readonly version: number
  readonly author: Id
  readonly device: Id
  readonly captured: number
  readonly flags: readonly string[]
  readonly conflicts: readonly JsonObject[]
  readonly review: JsonObject | null
  /** Given with the receipt of the line that made it (V12); null: none yet, or its kind has none. */
  readonly number: string | null
}

/** What answers of the blob routes say: in their headers. */
export interface BlobAnswer {
  readonly offset: number | null
  readonly location: string | null
  readonly receipt: Rev | null
}
