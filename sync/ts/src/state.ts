// What a device knows, what can happen to it, and what it wants done. Values only.

import type { Digest } from './digest.ts'
import type { Entry, Hash, JsonObject, Rev, Sha256 } from './entry.ts'
import type { Verdict } from './errors.ts'
import type { Head, Line } from './feed.ts'
import type { Id } from './ids.ts'
import type {
  CheckRequest,
  HelloRequest,
  Known,
  Purged,
  PullRequest,
  Receipt,
  RowId,
  Scope,
} from './messages.ts'

/** What enrolment answered, and the app's version for the office. */
export interface Identity {
  readonly device: Id
  readonly person: Id
  readonly org: Id
  readonly epoch: Id
  /** `epoch:0` after enrolment (T04). */
  readonly contact: Rev
  readonly app: string
}

// ---- what the stores hold ------------------------------------------------------------------

/** Written by the capture transaction, never by `step`. Key: n. */
export interface StoredLine {
  readonly n: number
  readonly hash: Hash
  readonly id: Id
  readonly bytes: Uint8Array
}

/** Key: n. */
export interface StoredReceipt {
  readonly n: number
  /** null: only `former` is known. */
  readonly receipt: Receipt | null
  /** Replaced, adopted or abandoned although its verdict is none of the good ones (R05). */
  readonly settled: boolean
  /** The overlay no longer needs the line (H06). */
  readonly left: boolean
  /** What an older epoch said of the line, as long as this one says nothing or another thing. */
  readonly former?: Verdict | null
}

/** Key: record. */
export interface StoredRow {
  readonly record: RowId
  readonly rev: Rev
  readonly body: JsonObject
}

/** Key: [scope, record]. */
export interface StoredMember {
  readonly scope: Scope
  readonly record: RowId
  readonly rev: Rev
  /** The snapshot that last showed it: members of an older one are swept (S06). */
  readonly shown: number
  /** Left the scope; taken away at the end of the round (S05). */
  readonly gone: boolean
}

/** Key: scope. */
export interface StoredCursor {
  readonly scope: Scope
  /** '' : from the beginning. */
  readonly epoch: Id
  readonly position: number
  readonly after: RowId | null
  /** Counts the snapshots this scope began. */
  readonly snapshot: number
  /** A snapshot was begun and the round it ends with is not over. */
  readonly sweep: boolean
}

/** Key: sha256. The bytes lie beside it, in a store of the edge's. */
export interface StoredBlob {
  readonly sha256: Sha256
  readonly size: number
  readonly mime: string
  /** `lost`: gone from the phone before the server said it has them. */
  readonly bytes: 'here' | 'freed' | 'lost'
  readonly receipt: Rev | null
  /** The epoch in which the server confirmed it: of an older one it is void (H03). */
  readonly epoch: Id | null
  /** Where the upload goes on (B05). */
  readonly location: string | null
}

export interface Revocation {
  readonly scope: Scope
  readonly number: number
  /** Server time of the first hello that said so; null: only a pull did (S09). */
  readonly since: number | null
  readonly purged: boolean
}

/** Key: the member's name. */
export interface Meta {
  readonly epoch: Id
  readonly contact: Rev
  readonly offset: number
  readonly grants: readonly Scope[]
  readonly revoked: readonly Revocation[]
  /** Not yet reported in a hello that was answered. */
  readonly purged: readonly Purged[]
}

export interface Persisted {
  readonly identity: Identity
  readonly lines: Iterable<StoredLine>
  readonly receipts: Iterable<StoredReceipt>
  readonly rows: Iterable<StoredRow>
  readonly members: Iterable<StoredMember>
  readonly cursors: Iterable<StoredCursor>
  readonly blobs: Iterable<StoredBlob>
  readonly meta: Partial<Meta>
}

interface Put<Store extends string, Key, Value> {
  readonly store: Store
  readonly key: Key
  /** null: delete. */
  readonly value: Value | null
}

export type Write =
  | Put<'receipts', number, StoredReceipt>
  | Put<'rows', RowId, StoredRow>
  | Put<'members', readonly [Scope, RowId], StoredMember>
  | Put<'cursors', Scope, StoredCursor>
  | Put<'blobs', Sha256, StoredBlob>
  | { [Name in keyof Meta]: Put<'meta', Name, Meta[Name]> }[keyof Meta]

// ---- the state -----------------------------------------------------------------------------

/** One own line as the loops and the overlay need it; the bytes stay in the store. */
export interface OwnLine {
  readonly n: number
  readonly hash: Hash
  readonly id: Id
  /** Bytes with the newline. */
  readonly size: number
  readonly entry: Entry
  readonly receipt: Receipt | null
  readonly settled: boolean
  readonly left: boolean
  readonly former: Verdict | null
  /** The round that was running, or the last one, when the receipt came (H06). */
  readonly round: number
}

export interface ScopeState {
  readonly cursor: StoredCursor | null
  readonly members: ReadonlyMap<RowId, StoredMember>
  /** Of the members that stay; null: not computed since the start. */
  readonly digest: Digest | null
  /** When a check was last asked for, monotonic. */
  readonly checkedAt: number
}

export type LaneName = 'hello' | 'push' | 'pull' | 'blob'

export interface Lane {
  readonly sent: { readonly id: number; readonly request: Request; readonly at: number } | null
  readonly failures: number
  /** Not before this moment of the monotonic clock. */
  readonly due: number
}

export interface Push {
  /** Most bytes of one body. */
  readonly window: number
  /** How many lines further back to look for the last common one (P05). */
  readonly back: number
  /** Ask again for lines the server holds but whose receipts never came. */
  readonly again: number | null
  /** From this line on some are nowhere on this phone any more (P11). */
  readonly gone: number | null
  readonly stopped: Stop | null
}

export type Stop =
  | { readonly why: 'fork'; readonly n: number; readonly hash: Hash; readonly ticket: string }
  | { readonly why: 'too_large'; readonly n: number }
  | { readonly why: 'lines_missing'; readonly from: number; readonly to: number }

export interface Round {
  /** Counts rounds of this life. */
  readonly number: number
  readonly open: boolean
}

export interface Check {
  /** When to ask, monotonic. */
  readonly at: number
  /** Whose rows are asked for; null: which buckets differ. */
  readonly records: readonly RowId[] | null
}

export interface Upload {
  /** null: ask with HEAD. */
  readonly offset: number | null
  readonly failures: number
  readonly due: number
}

export interface Storing {
  readonly sent: {
    readonly id: number
    readonly writes: readonly Write[]
    readonly contact: Rev
  } | null
  readonly waiting: readonly Write[]
  readonly failures: number
  readonly due: number
}

export interface State {
  readonly identity: Identity
  readonly meta: Meta
  /** The one to capture with: of the newest answer whose grants are stored (T04). */
  readonly contact: Rev
  readonly head: Head
  readonly lines: ReadonlyMap<number, OwnLine>
  readonly rows: ReadonlyMap<RowId, StoredRow>
  readonly scopes: ReadonlyMap<Scope, ScopeState>
  /** Rows that left every scope while an own line still needed them (H06). */
  readonly orphans: ReadonlySet<RowId>
  readonly blobs: ReadonlyMap<Sha256, StoredBlob>

  /** What the server holds of the feed, said since this start; null: not yet (H02). */
  readonly known: Known | null
  readonly online: boolean
  readonly greeted: boolean
  readonly helloAt: number
  readonly lanes: Readonly<Record<LaneName, Lane>>
  readonly push: Push
  readonly round: Round
  /** When to pull next, monotonic. */
  readonly pullAt: number
  /** Scopes whose digest did not agree (G03). */
  readonly checks: ReadonlyMap<Scope, Check>
  readonly uploads: ReadonlyMap<Sha256, Upload>
  readonly storing: Storing
  readonly timer: number | null
  readonly next: number
}

// ---- what can happen -----------------------------------------------------------------------

/** `now`: monotonic ms of this life. `jitter`: 0 … 1, spreads what many phones would do at once. */
export type Event =
  | { readonly type: 'start'; readonly now: number; readonly online: boolean }
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'online'; readonly now: number }
  | { readonly type: 'offline'; readonly now: number }
  | { readonly type: 'captured'; readonly line: Line | StoredLine; readonly now: number }
  | {
      readonly type: 'answer'
      readonly id: number
      readonly status: number
      /** Lower-case names; wanted: retry-after, location, upload-offset, hushui-receipt. */
      readonly headers: Readonly<Record<string, string>>
      /** Parsed JSON; absent when there was none. */
      readonly body?: unknown
      readonly now: number
      readonly wall: number
      readonly jitter?: number
    }
  | {
      readonly type: 'failed'
      readonly id: number
      readonly reason: 'network' | 'timeout' | 'unparsable'
      readonly now: number
      readonly jitter?: number
    }
  | { readonly type: 'stored'; readonly id: number; readonly now: number }
  | { readonly type: 'store_failed'; readonly id: number; readonly now: number }
  | {
      readonly type: 'hint'
      readonly scope: Scope
      readonly position: number
      readonly now: number
      readonly jitter?: number
    }
  | {
      readonly type: 'blob_added'
      readonly sha256: Sha256
      readonly size: number
      readonly mime: string
      readonly now: number
    }
  /** The edge freed the bytes of a blob that `freeable` named. */
  | { readonly type: 'blob_freed'; readonly sha256: Sha256; readonly now: number }
  /** Lines from here on that a push needs (`lines_missing`) were looked for, and are not there. */
  | { readonly type: 'lines_gone'; readonly from: number; readonly now: number }
  /** The bytes are gone. */
  | { readonly type: 'blob_missing'; readonly sha256: Sha256; readonly now: number }

// ---- what it wants done --------------------------------------------------------------------

export type Request =
  | { readonly type: 'hello'; readonly body: HelloRequest }
  /** Lines `from` … `to`, both included; `device` for the address. */
  | {
      readonly type: 'push'
      readonly device: Id
      readonly from: number
      readonly to: number
      readonly lost?: number
    }
  | { readonly type: 'pull'; readonly body: PullRequest }
  | { readonly type: 'check'; readonly body: CheckRequest }
  | {
      readonly type: 'blob_create'
      readonly sha256: Sha256
      readonly size: number
      readonly mime: string
    }
  | { readonly type: 'blob_head'; readonly sha256: Sha256; readonly location: string }
  | {
      readonly type: 'blob_patch'
      readonly sha256: Sha256
      readonly location: string
      readonly offset: number
      readonly length: number
    }

export type Notice =
  /** These records (and with them their status) look different now. */
  | { readonly what: 'records'; readonly records: readonly RowId[] }
  | { readonly what: 'counts' }
  | { readonly what: 'grants' }
  | { readonly what: 'clock'; readonly offset: number }
  | { readonly what: 'epoch'; readonly epoch: Id }
  | { readonly what: 'connection' }
  | { readonly what: 'unaccepted'; readonly records: readonly RowId[] }
  | { readonly what: 'purged'; readonly purged: Purged }
  /** Push stands still: `reissue` for a fork, the lines themselves for `lines_missing`. */
  | { readonly what: 'stopped'; readonly stop: Stop }
  /** The server has noted that these are nowhere any more (P11). */
  | { readonly what: 'lines_lost'; readonly from: number; readonly to: number }
  | { readonly what: 'unauthenticated' }
  | { readonly what: 'unknown_device' }
  /** An answer the loops can only repeat: show it, count it. */
  | {
      readonly what: 'rejected'
      readonly request: Request['type']
      readonly status: number
      readonly code: string | null
    }
  | { readonly what: 'blob'; readonly sha256: Sha256 }
  | { readonly what: 'store_failed' }

export type Effect =
  /** `contact`: goes with whatever writes, as a header (H04). */
  | {
      readonly type: 'send'
      readonly id: number
      readonly request: Request
      readonly contact: Rev
    }
  /** One transaction, in order. Answer with `stored` or `store_failed`. */
  | { readonly type: 'store'; readonly id: number; readonly writes: readonly Write[] }
  /** One timer: a later one replaces it. Answer with `tick`. */
  | { readonly type: 'timer'; readonly name: 'sync'; readonly at: number }
  | { readonly type: 'notify'; readonly notice: Notice }

export interface Step {
  readonly state: State
  readonly effects: readonly Effect[]
}
