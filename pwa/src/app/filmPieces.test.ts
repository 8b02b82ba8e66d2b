// @vitest-environment node
import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { joined } from '../capture/film.ts'
import { openOutbox } from '../db/outbox.ts'
import { newId, sha256 } from '../ports.ts'
import { keepPiece, recoverFilm, type Kept } from './filmPieces.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer

const kept = (n: number): Kept => ({
  ...{ slot: 'scene', field: null, width: 1280, height: 960, taken: 5, heading: null },
  ...{ place: { source: 'none' }, type: 'video/mp4', n, upTo: (n + 1) * 1000 },
})

async function draft() {
  const outbox = openOutbox(newId())
  const id = newId()
  const times = { openedAt: 0, savedAt: 0, isNew: true, replaces: null }
  await outbox.saveDraft({ id, kind: 'hazard', record: newId(), ...times, fields: {}, page: {} })
  return { outbox, id }
}

it('what was recorded until the page died becomes one video of its draft', async () => {
  const { outbox, id } = await draft()
  const pieces = ['one', 'two', 'three'].map(bytesOf)
  // In whatever order they lie there.
  for (const n of [2, 0, 1]) await keepPiece(outbox, id, kept(n), pieces[n]!)
  await recoverFilm(outbox, id)
  const { photos } = await outbox.drafts()
  const name = await sha256(joined(pieces))
  expect(photos).toMatchObject([
    { draft: id, sha256: name, about: { media: 'video', seconds: 3, size: 11, taken: 5 } },
  ])
  expect(await outbox.bytes(name)).toEqual(bytesOf('onetwothree'))
  // The pieces are gone with what they were pieces of.
  expect((await outbox.blobs()).map((it) => it.sha256)).toEqual([name])
})

it('a page that died between the whole and its pieces leaves one video, not two', async () => {
  const { outbox, id } = await draft()
  await keepPiece(outbox, id, kept(0), bytesOf('one'))
  await recoverFilm(outbox, id)
  await keepPiece(outbox, id, kept(0), bytesOf('one'))
  await recoverFilm(outbox, id)
  const { photos } = await outbox.drafts()
  expect(photos).toHaveLength(1)
  expect(await outbox.blobs()).toHaveLength(1)
})

it('nothing is put behind a gap', async () => {
  const { outbox, id } = await draft()
  for (const n of [0, 1, 3]) await keepPiece(outbox, id, kept(n), bytesOf(`${n}`))
  await recoverFilm(outbox, id)
  const [photo] = (await outbox.drafts()).photos
  expect(photo?.about).toMatchObject({ seconds: 2, size: 2 })
})
