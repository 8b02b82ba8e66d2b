// What exists nowhere else until the server has it: one database for each device, schema frozen.
//
// Version 1 stays as it is for ever: an app of any age must be able to read what another one saved.
// What somebody was told is saved was written with durability 'strict': the default does not fsync.

import { capture, entryOfBytes, laterContact, START } from '@hushui/sync'
import type {
  At,
  Draft as CaptureDraft,
  Entry,
  Head,
  Id,
  Identity,
  JsonObject,
  Line,
  Rev,
  Sha256,
  StoredLine,
} from '@hushui/sync'
import type { DBSchema } from 'idb'
import { newId } from '../ports.ts'
import { MovedOn } from './errors.ts'
import { database } from './open.ts'
import type { Tx } from './open.ts'

/** The bytes lie beside it: an ArrayBuffer, because WebKit refuses Blobs in private windows. */
interface OutboxBlob {
  readonly sha256: Sha256
  readonly type: string
  readonly size: number
  /** A line names it: it leaves the phone only by B07. */
  readonly named: boolean
  /** Its bytes were let go because the server has them; without this, missing bytes are lost. */
  readonly freed: boolean
}

export interface HeldBlob extends OutboxBlob {
  /** The bytes lie here. */
  readonly here: boolean
}

export interface NewBlob {
  readonly sha256: Sha256
  readonly type: string
  readonly bytes: ArrayBuffer
}

/** A draft as it lies on the disk. */
export interface StoredDraft {
  readonly id: Id
  readonly kind: string
  readonly record: Id
  readonly isNew: boolean
  readonly replaces: Id | null
  readonly openedAt: number
  readonly savedAt: number
  readonly fields: JsonObject
  readonly page: JsonObject
  /** Of a correction: what stood when it was opened. Missing in drafts of older apps. */
  readonly before?: Seen
  /** Of the form it was begun with. Missing in drafts of older apps. */
  readonly version?: string
}

/** Fields as their author saw them, and the entries that had written them (E07). */
export interface Seen {
  readonly fields: JsonObject
  readonly stamps: Readonly<Record<string, Id>>
}

/** A photo of a draft; its bytes lie in `blobs`. */
export interface StoredPhoto {
  readonly id: Id
  readonly draft: Id
  readonly sha256: Sha256
  readonly about: JsonObject
}

interface StoredHead extends Head {
  /** Of the last line: it never runs backwards, not even when the cache was lost (T04). */
  readonly contact: Rev
  readonly offset: number
}

/** The private key; where a browser cannot store a CryptoKey, the key written out. */
export type StoredKey =
  | { readonly pair: CryptoKeyPair; readonly spki: string }
  | { readonly jwk: JsonWebKey; readonly spki: string }

/** Where a feed goes on after a fork; its lines after this n go along (P05). */
interface Moved {
  readonly to: Id
  readonly after: number
  /** All of it lies there. */
  readonly done: boolean
}

interface OutboxMeta {
  /** Missing: not enrolled yet, drafts only. */
  identity: Omit<Identity, 'app'>
  /** Missing where the browser's cookie takes its place. */
  token: string
  key: StoredKey
  head: StoredHead
  /** The running patrol. */
  patrol: JsonObject
  /** The device this feed goes on under, after a fork (P05). */
  successor: Id
  /** From then on nothing is written here, by whatever tab. */
  moved: Moved
}

interface Schema extends DBSchema {
  lines: { key: number; value: StoredLine; indexes: { id: Id } }
  meta: { key: keyof OutboxMeta; value: OutboxMeta[keyof OutboxMeta] }
  blobs: { key: Sha256; value: OutboxBlob }
  bytes: { key: Sha256; value: ArrayBuffer }
  drafts: { key: Id; value: StoredDraft }
  photos: { key: Id; value: StoredPhoto; indexes: { draft: Id } }
}

type Writing = Tx<Schema, 'readwrite'>

const outboxName = (device: Id): string => `hushui-outbox-${device}`

/** What is written together with a line, or not at all. */
export interface Along {
  readonly blobs?: readonly NewBlob[]
  /** The draft that became this line; its photos' bytes stay. */
  readonly draft?: Id
  /** What the running patrol is from now on; null: over. */
  readonly patrol?: JsonObject | null
}

export interface Outbox {
  readonly device: Id
  /** The line with its bytes, on the disk. A line of the same id is answered, not written twice (C02). */
  capture(at: At, draft: CaptureDraft, along?: Along): Promise<Line | StoredLine>
  /** Lines `from` … `to` (default: the last), in order of n. */
  lines(from: number, to?: number): Promise<StoredLine[]>
  /** Lines of a forked feed, in order, each once: all of them, or none. */
  adopt(lines: readonly { readonly at: At; readonly draft: CaptureDraft }[]): Promise<void>
  /** The bytes of such a line. */
  adoptBlob(blob: NewBlob): Promise<void>
  /** Takes nothing more from now on; answers where another tab went before. */
  moveTo(moved: Moved): Promise<Moved>
  get<Name extends keyof OutboxMeta>(name: Name): Promise<OutboxMeta[Name] | undefined>
  /** undefined: gone. */
  set(
    values: { [Name in keyof OutboxMeta]?: OutboxMeta[Name] | undefined },
    durability?: 'strict' | 'relaxed',
  ): Promise<void>
  bytes(sha256: Sha256): Promise<ArrayBuffer | undefined>
  blobs(): Promise<HeldBlob[]>
  /** Those of them that this phone knows. */
  describe(sha256: readonly Sha256[]): Promise<HeldBlob[]>
  /** Lets the bytes go, keeps a note that it was meant. */
  free(sha256: readonly Sha256[]): Promise<void>
  drafts(): Promise<{ drafts: StoredDraft[]; photos: StoredPhoto[] }>
  saveDraft(draft: StoredDraft): Promise<void>
  /** Strict: the photo, its bytes and its place in the draft are one. */
  savePhoto(photo: StoredPhoto, blob: NewBlob): Promise<void>
  /** Bytes go too where no line and no other draft names them. */
  removePhoto(draft: Id, sha256: Sha256): Promise<void>
  removeDraft(id: Id): Promise<void>
  close(): void
}

export function openOutbox(device: Id): Outbox {
  const db = database<Schema>(outboxName(device), 1, (upgrade) => {
    const lines = upgrade.createObjectStore('lines', { keyPath: 'n' })
    lines.createIndex('id', 'id', { unique: true })
    upgrade.createObjectStore('meta')
    upgrade.createObjectStore('blobs', { keyPath: 'sha256' })
    upgrade.createObjectStore('bytes')
    upgrade.createObjectStore('drafts', { keyPath: 'id' })
    upgrade.createObjectStore('photos', { keyPath: 'id' }).createIndex('draft', 'draft')
  })
  const write = (
    stores: ('drafts' | 'photos' | 'blobs' | 'bytes')[],
    work: (tx: Writing) => Promise<void>,
  ): Promise<void> =>
    db.write(['meta', ...stores], 'strict', async (tx) => {
      await staysHere(tx)
      await work(tx)
    })
  return {
    device,
    capture: (at, draft, along = {}) =>
      db.write(['lines', 'meta', 'blobs', 'bytes', 'drafts', 'photos'], 'strict', (tx) =>
        captureIn(tx, device, at, draft, along),
      ),
    lines: (from, to) =>
      db.read(['lines'], (tx) =>
        tx
          .objectStore('lines')
          .getAll(to === undefined ? IDBKeyRange.lowerBound(from) : IDBKeyRange.bound(from, to)),
      ),
    adopt: (lines) =>
      db.write(['lines', 'meta', 'blobs', 'photos', 'drafts'], 'strict', async (tx) => {
        for (const { at, draft } of lines) await captureIn(tx, device, at, draft, {})
      }),
    adoptBlob: (blob) => write(['blobs', 'bytes'], (tx) => putBlob(tx, blob, true)),
    moveTo: (moved) =>
      db.write(['meta'], 'strict', async (tx) => {
        const meta = tx.objectStore('meta')
        const before = (await meta.get('moved')) as Moved | undefined
        if (before === undefined) await meta.put(moved, 'moved')
        return before ?? moved
      }),
    get: <Name extends keyof OutboxMeta>(name: Name) =>
      db.read(['meta'], (tx) => tx.objectStore('meta').get(name)) as Promise<
        OutboxMeta[Name] | undefined
      >,
    set: (values, durability = 'strict') =>
      db.write(['meta'], durability, async (tx) => {
        const names = Object.keys(values) as (keyof OutboxMeta)[]
        const meta = tx.objectStore('meta')
        await Promise.all(
          names.map((name) => {
            const value = values[name]
            return value === undefined ? meta.delete(name) : meta.put(value, name)
          }),
        )
      }),
    bytes: (sha256) => db.read(['bytes'], (tx) => tx.objectStore('bytes').get(sha256)),
    blobs: () =>
      db.read(['blobs', 'bytes'], async (tx) => {
        const blobs = await tx.objectStore('blobs').getAll()
        const here = new Set(await tx.objectStore('bytes').getAllKeys())
        return blobs.map((blob) => ({ ...blob, here: here.has(blob.sha256) }))
      }),
    describe: (sha256s) =>
      db.read(['blobs', 'bytes'], async (tx) => {
        const found: HeldBlob[] = []
        for (const sha256 of sha256s) {
          const blob = await tx.objectStore('blobs').get(sha256)
          const key = await tx.objectStore('bytes').getKey(sha256)
          if (blob) found.push({ ...blob, here: key !== undefined })
        }
        return found
      }),
    free: (sha256s) =>
      db.write(['blobs', 'bytes'], 'relaxed', async (tx) => {
        for (const sha256 of sha256s) {
          const blob = await tx.objectStore('blobs').get(sha256)
          if (!blob) continue
          await tx.objectStore('blobs').put({ ...blob, freed: true })
          await tx.objectStore('bytes').delete(sha256)
        }
      }),
    drafts: () =>
      db.read(['drafts', 'photos'], async (tx) => ({
        drafts: await tx.objectStore('drafts').getAll(),
        photos: await tx.objectStore('photos').getAll(),
      })),
    saveDraft: (draft) =>
      write(['drafts'], async (tx) => {
        await tx.objectStore('drafts').put(draft)
      }),
    savePhoto: (photo, blob) =>
      write(['photos', 'blobs', 'bytes'], async (tx) => {
        await putBlob(tx, blob, false)
        await tx.objectStore('photos').put(photo)
      }),
    removePhoto: (draft, sha256) =>
      write(['photos', 'blobs', 'bytes'], async (tx) => {
        const photos = await tx.objectStore('photos').index('draft').getAll(draft)
        await dropPhotos(
          tx,
          photos.filter((photo) => photo.sha256 === sha256),
        )
      }),
    removeDraft: (id) =>
      write(['drafts', 'photos', 'blobs', 'bytes'], async (tx) => {
        const photos = await tx.objectStore('photos').index('draft').getAll(id)
        await tx.objectStore('drafts').delete(id)
        await dropPhotos(tx, photos)
      }),
    close: () => db.close(),
  }
}

/** C02: head read, line built, line and head written; nothing is awaited but the store. */
async function captureIn(
  tx: Writing,
  device: Id,
  at: At,
  draft: CaptureDraft,
  along: Along,
): Promise<Line | StoredLine> {
  const lines = tx.objectStore('lines')
  const meta = tx.objectStore('meta')
  const photos = tx.objectStore('photos')
  const mine = along.draft
  // Asked at once: on an old phone each answer waits for the page.
  const [held, moved, head, own] = await Promise.all([
    heard(() => lines.index('id').get(draft.id)),
    heard(() => meta.get('moved')),
    heard(() => meta.get('head') as Promise<StoredHead | undefined>),
    mine === undefined ? [] : heard(() => photos.index('draft').getAll(mine)),
  ])
  // A connection that broke after the commit made us come here again.
  if (held && saysTheSame(held.bytes, device, at, draft)) return held
  isHere(moved)
  const contact = laterContact(head?.contact, at.contact)
  // Two pages had the same draft open, and each sent its own: the second is a line as well.
  const id = held ? newId() : draft.id
  const line = capture(head ?? START, device, { ...at, contact }, { ...draft, id })
  const { n, hash, bytes } = line
  // What the line does not name is not the line's to take.
  const taken = own.filter((photo) => draft.blobs.includes(photo.sha256))
  const stored = { n, hash, contact, offset: at.offset }
  const writes = [
    ...(along.blobs ?? []).map((blob) => putBlob(tx, blob, true)),
    ...draft.blobs.map((sha256) => markNamed(tx, sha256)),
    // Not put: a line once written is never written again.
    heard(() => lines.add({ n, hash, id, bytes })),
    heard(() => meta.put(stored, 'head')),
    ...taken.map(({ id: photo }) => heard(() => photos.delete(photo))),
    ...(mine === undefined ? [] : [heard(() => tx.objectStore('drafts').delete(mine))]),
    heard(async () => {
      if (along.patrol === null) await meta.delete('patrol')
      else if (along.patrol !== undefined) await meta.put(along.patrol, 'patrol')
    }),
  ]
  await Promise.all(writes)
  return line
}

function saysTheSame(bytes: Uint8Array, device: Id, at: At, draft: CaptureDraft): boolean {
  const what = ({ ops, blobs, replaces }: Entry) => JSON.stringify([ops, blobs, replaces ?? null])
  return what(entryOfBytes(bytes)) === what(capture(START, device, at, draft).entry)
}

async function staysHere(tx: Writing): Promise<void> {
  isHere(await tx.objectStore('meta').get('moved'))
}

function isHere(moved: unknown): void {
  if (moved !== undefined) throw new MovedOn('the feed goes on elsewhere')
}

/** What a store throws at once is heard with what it answers later. */
const heard = async <T>(request: () => Promise<T>): Promise<T> => request()

async function putBlob(tx: Writing, blob: NewBlob, named: boolean): Promise<void> {
  const { sha256, type, bytes } = blob
  const blobs = tx.objectStore('blobs')
  const held = await blobs.get(sha256)
  const isNamed = named || (held?.named ?? false)
  await blobs.put({ sha256, type, size: bytes.byteLength, named: isNamed, freed: false })
  await tx.objectStore('bytes').put(bytes, sha256)
}

async function markNamed(tx: Writing, sha256: Sha256): Promise<void> {
  const blob = await tx.objectStore('blobs').get(sha256)
  if (blob && !blob.named) await tx.objectStore('blobs').put({ ...blob, named: true })
}

/** The photos leave their draft; the bytes go only where no line and no other draft names them. */
async function dropPhotos(tx: Writing, photos: readonly StoredPhoto[]): Promise<void> {
  for (const photo of photos) await tx.objectStore('photos').delete(photo.id)
  const others = new Set((await tx.objectStore('photos').getAll()).map((photo) => photo.sha256))
  for (const { sha256 } of photos) {
    const blob = await tx.objectStore('blobs').get(sha256)
    if (others.has(sha256) || blob?.named) continue
    await tx.objectStore('blobs').delete(sha256)
    await tx.objectStore('bytes').delete(sha256)
  }
}
