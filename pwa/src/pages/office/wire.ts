// What the office's routes answer, as far as the desk reads it.

import type { Entry, Id, JsonObject, Receipt, RecordBody, Sha256, Verdict } from '@hushui/sync'
import type { Decision, RecordAdd, ReviewBody } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'

export type ReviewStand = 'pending' | Decision
export const REVIEW_STANDS: readonly ReviewStand[] = ['pending', 'approved', 'returned', 'rejected']

/** As every review says it here, with the entry that a further one must have seen (A05). */
export type SeenReview = { readonly [Name in keyof ReviewBody]: NonNullable<ReviewBody[Name]> }

export interface Body extends Omit<RecordBody, 'adds' | 'review'> {
  readonly kind: KindCode
  readonly adds: readonly RecordAdd[]
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

export const isFilm = ({ fields }: NamedPhoto): boolean => fields['media'] === 'video'

/** Two photos of the same bytes are two; what only a line names comes last. */
export interface Detail extends Row {
  readonly photos: readonly NamedPhoto[]
  readonly followers: readonly Row[]
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
  readonly entry: Entry | null
  /** The bytes in base64. */
  readonly line: string | null
  readonly receipts: readonly Receipt[]
  /** The record's version after it. */
  readonly version: number
  /** What was said of it before a backup was put back. */
  readonly former: { readonly verdict: Verdict; readonly code: string | null } | null
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
  readonly entry: Entry | null
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
  /** Which lines these are, and since when the office knows of them, ms. */
  readonly owed: readonly {
    readonly first: number
    readonly last: number
    readonly since: number
  }[]
  /** The phone itself has them no more (P11). */
  readonly lost: readonly { readonly first: number; readonly last: number; readonly at: number }[]
  readonly pending_blobs: number
  readonly clock_offset: number | null
  /** How often it held other rows than the server; mended each time. */
  readonly mismatches: number
  readonly mismatch_at: number | null
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

/** What stands of this kind about a record. */
export const followersOf = ({ followers }: Detail, kind: KindCode): readonly Body[] =>
  followers
    .map(({ body }) => body)
    .filter((it) => it.kind === kind && !it.deleted && standOf(it) !== 'rejected')
