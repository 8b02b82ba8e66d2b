// Whether a newer version came while somebody looked. Opening a record again is no news.

export interface Seen {
  /** The version the office had when it was looked at; null: it has not answered yet. */
  readonly version: number | null
  /** The version that came in its place; null: none did. */
  readonly newer: number | null
}

export const UNSEEN: Seen = { version: null, newer: null }

/** The office has answered. */
export const told = ({ version: before, newer }: Seen, version: number): Seen => ({
  version,
  newer: before !== null && version > before ? version : newer,
})

/** Somebody begins to judge what is on the screen, be it from an earlier look. */
export const judged = ({ version: before, newer }: Seen, version: number): Seen => ({
  version: before ?? version,
  newer,
})
