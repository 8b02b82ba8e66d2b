// Every size the protocol fixes, once. Bytes unless the name says otherwise.

export const FORMAT = 1

export const LINE_BYTES = 65_536
export const HELLO_BYTES = 4096
export const PULL_BYTES = 262_144
export const CHECK_RECORDS = 1000
export const RESCUE_BYTES = 1024 * 1_048_576

export const DEPTH = 64
export const OPS = 32
export const FIELDS_PER_OP = 64
export const BLOBS_PER_ENTRY = 16
export const INTEGER = Number.MAX_SAFE_INTEGER

export const CLOCK_OFF_MS = 5 * 60_000
export const AHEAD_MS = 5 * 60_000
export const LATE_MS = 7 * 24 * 3_600_000
export const REVOKE_WAIT_MS = 10 * 60_000

// What only a client needs.

export const WINDOW_BYTES_FIRST = 256 * 1024
export const WINDOW_BYTES_MAX = 1_048_576
export const CHUNK_BYTES = 256 * 1024
/** Keeps a hello with everything it reports below HELLO_BYTES. */
export const PURGED_PER_HELLO = 16

export const RETRY_MS_FIRST = 1000
export const RETRY_MS_MAX = 5 * 60_000
/** An edge that never answers must not hold a lane for ever. */
export const REQUEST_MS_MAX = 5 * 60_000
export const HELLO_EVERY_MS = 10 * 60_000
export const PULL_EVERY_MS = 5 * 60_000
export const CHECK_EVERY_MS = 60_000
/** A hint reaches every phone at once; their pulls must not. */
export const HINT_SPREAD_MS = 2000
