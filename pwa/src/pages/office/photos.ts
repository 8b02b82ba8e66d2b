// The photos of a record, one for each photo record.

import type { Detail, NamedPhoto } from './wire.ts'

/** Two photos of the same bytes are two; what only a line names, and is no track, comes last. */
export function photosOf({ body, photos, followers }: Detail): readonly NamedPhoto[] {
  const received = new Map(photos.map((photo) => [photo.sha256, photo.received]))
  const own = followers
    .filter((it) => it.body.kind === 'photo' && !it.body.deleted)
    .map(({ record, body: { fields } }): NamedPhoto => {
      const sha256 = String(fields['sha256'])
      return { sha256, record, received: received.get(sha256) ?? null, fields }
    })
  const told = new Set(own.map(({ sha256 }) => sha256))
  const tracks = new Set(body.adds.map(({ set }) => set['blob']))
  return [...own, ...photos.filter(({ sha256 }) => !told.has(sha256) && !tracks.has(sha256))]
}

/** Whatever names it for good: its record, else its bytes. */
export const keyOf = ({ record, sha256 }: NamedPhoto): string => record ?? sha256

export interface PhotoCount {
  readonly named: number
  readonly received: number
}

export function photoCount(detail: Detail): PhotoCount {
  const photos = photosOf(detail)
  return { named: photos.length, received: photos.filter((it) => it.received !== null).length }
}
