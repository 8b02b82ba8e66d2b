// What the office's routes answer, as far as the desk reads it.

import type { Id, JsonObject, Receipt, Sha256 } from '@hushui/sync'
import type { ReviewPoint } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'

export type Decision = 'approved' | 'returned' | 'rejected'
export type ReviewStand = 'pending' | Decision

/** The newest decision, with the entry that a further one must have seen (A05). */
export interface SeenReview {
  readonly decision: Decision
  readonly version: number
  readonly reason: string
  readonly points: readonly ReviewPoint[]
  readonly by: Id
  readonly entry: Id
  readonly at: number
}

export interface Added {
  readonly entry: Id
  readonly device: Id
  readonly author: Id
  readonly captured: number
  readonly set: JsonObject
}

export interface Body {
  readonly kind: KindCode
  readonly fields: JsonObject
  readonly stamps: Readonly<Record<string, Id>>
  readonly adds: readonly Added[]
  readonly deleted: boolean
  readonly version: number
  readonly author: Id
  readonly device: Id
  /** ms, corrected time of the first line. */
  readonly captured: number
  readonly flags: readonly string[]
  readonly conflicts: readonly JsonObject[]
  readonly review: SeenReview | null
}

export interface Row {
  readonly record: Id
  readonly rev: string
  readonly body: Body
  /** When the office received its first line, ms; only where a list or a page asked for it. */
  readonly received?: number | null
}

export interface PhotoCount {
  readonly named: number
  readonly received: number
}

export interface ListedRow extends Row {
  readonly photo_count: PhotoCount
}

export interface RecordList {
  readonly records: readonly ListedRow[]
  readonly more: boolean
  readonly counts: Readonly<Partial<Record<ReviewStand, number>>>
}

export interface NamedPhoto {
  readonly sha256: Sha256
  /** The photo's own record; null when only a line names it. */
  readonly record: Id | null
  /** When the office had all its bytes, ms; null: not yet. */
  readonly received: number | null
  readonly fields: JsonObject
}

/** Two photos of the same bytes are two; what only a line names comes last. */
export interface Detail extends Row {
  readonly photos: readonly NamedPhoto[]
  readonly followers: readonly Row[]
}

export interface LineEntry {
  readonly n: number
  readonly prev: string
  readonly id: Id
  readonly at: { readonly wall: number; readonly offset: number; readonly contact: string }
  readonly ops: readonly LineOp[]
  readonly blobs: readonly Sha256[]
  readonly replaces?: Id
}

export interface LineOp {
  readonly kind: string
  readonly record: Id
  readonly act: string
  readonly set: JsonObject
  readonly base: Readonly<Record<string, Id | null>>
}

export interface HistoryLine {
  readonly device: Id
  readonly n: number
  readonly author: Id
  /** ms; `phone` null: the line cannot be read. */
  readonly at: {
    readonly phone: number | null
    readonly corrected: number
    readonly server: number
  }
  readonly entry: LineEntry | null
  /** The bytes in base64. */
  readonly line: string | null
  readonly receipts: readonly Receipt[]
  /** The record's version after it. */
  readonly version: number
}

export interface History {
  readonly record: Id
  readonly lines: readonly HistoryLine[]
}

export interface UnacceptedLine {
  readonly device: Id
  readonly n: number
  readonly author: Id
  readonly received: number
  readonly receipt: Receipt
  readonly entry: LineEntry | null
  readonly line: string
}

export interface DeskDevice {
  readonly device: Id
  readonly person: Id
  readonly label: string
  readonly enrolled: number
  readonly revoked: boolean
  readonly last_contact: number | null
  readonly app: string | null
  readonly announced: number
  readonly delivered: number
  readonly missing: number
  readonly pending_blobs: number
  readonly clock_offset: number | null
}

export interface NewCode {
  readonly code: string
  readonly person: Id
  readonly expires: number
  readonly url: string
  readonly svg: string
}

/** The version that stands may have been judged already; a newer one waits again. */
export function standOf({ review, version }: Pick<Body, 'review' | 'version'>): ReviewStand {
  return review === null || review.version !== version ? 'pending' : review.decision
}
