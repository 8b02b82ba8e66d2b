// The photos of a record, one for each photo record.

import type { Id, Scope } from '@hushui/sync'
import type { Detail, NamedPhoto, Row } from './wire.ts'

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

/** So many records at once are read again for the sake of their photos. */
export const AGAIN_MAX = 10

/**
 * Which listed records to read again: a photo that arrives does not change its record, it is told in
 * the scopes in which the record travels. Newest first, as listed. `hinted` null: anywhere.
 */
export function lackingIn(
  hinted: ReadonlySet<Scope> | null,
  rows: readonly Row[],
  known: ReadonlyMap<Id, PhotoCount>,
): readonly Id[] {
  const isLacking = ({ record }: Row) => {
    const count = known.get(record)
    return count !== undefined && count.received < count.named
  }
  const isHinted = (row: Row) => hinted === null || scopesOf(row).some((scope) => hinted.has(scope))
  return rows
    .filter((row) => isLacking(row) && isHinted(row))
    .slice(0, AGAIN_MAX)
    .map(({ record }) => record)
}

/** As the server places it (domain/scope.py). */
const scopesOf = ({ body: { fields, author } }: Row): readonly Scope[] =>
  typeof fields['zone'] === 'string'
    ? [`zone:${fields['zone']}`, `person:${author}`]
    : [`person:${author}`]
