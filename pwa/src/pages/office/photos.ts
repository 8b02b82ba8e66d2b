// The photos of a record, one for each photo record.

import type { Detail, ListedRow, NamedPhoto } from './wire.ts'

/** Whatever names it for good: its record, else its bytes. */
export const keyOf = ({ record, sha256 }: NamedPhoto): string => record ?? sha256

/** The record as a list would show it. */
export function listed({ record, rev, body, photos }: Detail): ListedRow {
  const received = photos.filter((it) => it.received !== null).length
  return { record, rev, body, photo_count: { named: photos.length, received } }
}
