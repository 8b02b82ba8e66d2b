// A video as far as it has been recorded, second by second, until it is whole. The pieces lie where the
// photos of drafts lie, under a name of their own: an app that knows no video never sees them.

import type { Id, Sha256 } from '@hushui/sync'
import type { DraftPhoto } from '../app.ts'
import { joined, secondsOf } from '../capture/film.ts'
import type { Outbox } from '../db/outbox.ts'
import { newId, sha256 } from '../ports.ts'
import { clean } from './ops.ts'

/** What was true when it began. */
export type Begun = Pick<
  DraftPhoto,
  'slot' | 'field' | 'width' | 'height' | 'taken' | 'place' | 'heading'
>

export interface Kept extends Begun {
  readonly type: string
  /** Its place among the pieces, from 0. */
  readonly n: number
  /** How long it had been filming when this piece ended, ms. */
  readonly upTo: number
}

const piecesOf = (draft: Id): string => `film:${draft}`

export async function keepPiece(
  outbox: Outbox,
  draft: Id,
  kept: Kept,
  bytes: ArrayBuffer,
): Promise<void> {
  const name = await sha256(bytes)
  const row = { id: newId(), draft: piecesOf(draft), sha256: name, about: clean(kept) }
  await outbox.savePhoto(row, { sha256: name, type: kept.type, bytes })
}

export const letPiecesGo = (outbox: Outbox, draft: Id): Promise<void> =>
  outbox.removeDraft(piecesOf(draft))

/** What was recorded before the page died becomes a video of its draft, once. */
export async function recoverFilm(outbox: Outbox, draft: Id): Promise<void> {
  const { drafts, photos } = await outbox.drafts()
  const pieces = photos
    .filter((it) => it.draft === piecesOf(draft))
    .map((it) => ({ sha256: it.sha256, ...(it.about as unknown as Kept) }))
    .sort((a, b) => a.n - b.n)
  if (pieces.length === 0) return
  if (drafts.some((it) => it.id === draft)) {
    const held = new Set(photos.filter((it) => it.draft === draft).map((it) => it.sha256))
    await keepWhole(outbox, draft, pieces, held)
  }
  await letPiecesGo(outbox, draft)
}

async function keepWhole(
  outbox: Outbox,
  draft: Id,
  pieces: readonly (Kept & { readonly sha256: Sha256 })[],
  held: ReadonlySet<Sha256>,
): Promise<void> {
  const parts: ArrayBuffer[] = []
  // What follows a gap cannot be played.
  for (const { sha256: name, n } of pieces) {
    const bytes = n === parts.length ? await outbox.bytes(name) : undefined
    if (!bytes) break
    parts.push(bytes)
  }
  const [first, last] = [pieces[0], pieces[parts.length - 1]]
  if (!first || !last) return
  const bytes = joined(parts)
  const name = await sha256(bytes)
  // It was whole when the page died: only its pieces were left over.
  if (held.has(name)) return
  const { slot, field, width, height, taken, place, heading, type } = first
  const photo: DraftPhoto = {
    ...{ id: newId(), sha256: name, slot, field, width, height, taken, place, heading },
    ...{ size: bytes.byteLength, original_sha256: null },
    ...{ media: 'video', seconds: secondsOf(last.upTo) },
  }
  const row = { id: photo.id, draft, sha256: name, about: clean(photo) }
  await outbox.savePhoto(row, { sha256: name, type, bytes })
}
