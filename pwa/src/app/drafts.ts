// Drafts: on the disk before anything else happens, and back exactly where they were after a kill.

import { baseFor, DELETED, limits } from '@hushui/sync'
import type { Draft as Line, Id, Op, Sha256 } from '@hushui/sync'
import { reactive, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type {
  Camera,
  DraftData,
  DraftPhoto,
  DraftPreset,
  DraftSummary,
  Drafts,
  LiveFilm,
  OpenDraft,
  PhotoAbout,
  PhotoOutcome,
  Saved,
} from '../app.ts'
import { filmOfFile, NotTaken, type Filmed } from '../capture/filmFile.ts'
import { mediaType } from '../capture/mediaType.ts'
import { joined, secondsOf, startFilm } from '../capture/film.ts'
import { fromFile, photograph, Unreadable } from '../capture/photo.ts'
import type { Photograph } from '../capture/photo.ts'
import { point } from '../capture/point.ts'
import { degrees, freshAt, geoOf } from '../capture/position.ts'
import type { Place as Fix } from '../capture/position.ts'
import { stampLines } from '../capture/stamp.ts'
import { MovedOn, StorageFull } from '../db/errors.ts'
import type { Along, Outbox, Seen, StoredDraft, StoredPhoto } from '../db/outbox.ts'
import type { KindCode } from '../generated/kinds.ts'
import { titles } from '../generated/titles.ts'
import { newId, now, sha256 as hashOf } from '../ports.ts'
import { differing, lineOf, only, type LineParts } from './draftLine.ts'
import { keepPiece, letPiecesGo, recoverFilm, type Begun } from './filmPieces.ts'
import { clean } from './ops.ts'

export interface DraftParts extends LineParts {
  readonly outbox: Outbox
  capture(draft: Line, along: Along): Promise<Saved>
  /** Frees what may go; then there may be room. */
  makeRoom(): Promise<void>
  /** What is burnt into a photo taken at this moment. */
  here(): { place: Fix | null; chainage: number | null; person: string; zone: string }
}

export interface DraftDesk {
  readonly drafts: Drafts
  /** Whatever is not saved yet is saved; false: something could not be. */
  flush(): Promise<boolean>
  /** Its device moves on: open drafts wait, and go on there (P05). */
  moveTo(there: Promise<DraftDesk>): Promise<void>
  /** Where its open drafts lie now. */
  place(): Promise<Place>
}

type Picture = (Photograph & { readonly original_sha256?: string }) | Filmed

/** A draft in memory. There is one of an id: two would write over each other. */
interface Held {
  readonly id: Id
  flush(): Promise<void>
  /** For one page more. */
  show<K extends KindCode>(): OpenDraft<K>
  /** The same, of what may be on its way out; null: there it is no more. */
  again<K extends KindCode>(): Promise<OpenDraft<K> | null>
}

interface Place {
  readonly parts: DraftParts
  readonly open: Set<Held>
  relist(): Promise<void>
}

const SAVE_MS = 500

export async function createDrafts(parts: DraftParts): Promise<DraftDesk> {
  const { outbox } = parts
  const list = shallowRef<readonly DraftSummary[]>([])
  const open = new Set<Held>()
  const letGo = new Map<Id, () => void>()
  let there: Promise<DraftDesk> | null = null

  const place = async (): Promise<Place> =>
    there ? (await there).place() : { parts, open, relist }

  const flush = async (): Promise<boolean> => {
    const isKept = (draft: Held) =>
      draft.flush().then(
        () => true,
        () => false,
      )
    return (await Promise.all([...open].map(isKept))).every(Boolean)
  }

  async function moveTo(next: Promise<DraftDesk>): Promise<void> {
    await flush()
    const along = [...open]
    open.clear()
    there = next
    const goOn = async (): Promise<void> => {
      const moved = await place()
      for (const draft of along) moved.open.add(draft)
      await Promise.all(along.map((draft) => draft.flush()))
    }
    // What could not be written is dirty still, and its page says so.
    void goOn().catch(() => undefined)
  }

  async function relist(): Promise<void> {
    const { drafts, photos } = await outbox.drafts()
    const sorted = drafts.sort((a, b) => b.savedAt - a.savedAt)
    list.value = sorted.map((draft) => ({
      id: draft.id,
      kind: draft.kind as KindCode,
      record: draft.record,
      isNew: draft.isNew,
      replaces: draft.replaces,
      fields: draft.fields,
      photos: photos.filter((photo) => photo.draft === draft.id).length,
      savedAt: draft.savedAt,
    }))
  }

  function take<K extends KindCode>(
    stored: StoredDraft,
    photos: readonly StoredPhoto[],
  ): OpenDraft<K> {
    const draft = holdDraft(parts.here, place, stored, photos, () => {
      free(stored.id)
      const gone = (from: Place) => from.open.delete(draft)
      gone({ parts, open, relist })
      void place().then(gone, () => undefined)
    })
    open.add(draft)
    return draft.show()
  }

  /** The tab's own from here on, as long as it is open here. False: another tab has it. */
  function hold(id: Id): Promise<boolean> {
    const locks = locksHere()
    if (!locks || letGo.has(id)) return Promise.resolve(true)
    return new Promise((resolve) => {
      const holding = (lock: Lock | null) => {
        resolve(lock !== null)
        return lock === null ? undefined : new Promise<void>((free) => letGo.set(id, free))
      }
      locks.request(`hushui-draft-${id}`, { ifAvailable: true }, holding).catch(() => resolve(true))
    })
  }

  function free(id: Id): void {
    letGo.get(id)?.()
    letGo.delete(id)
  }

  const heldAs = (id: Id) => [...open].find((draft) => draft.id === id)

  async function resume<K extends KindCode>(id: Id, alone?: 'alone'): Promise<OpenDraft<K> | null> {
    // What the disk refused is nowhere else.
    const again = await heldAs(id)?.again<K>()
    if (again) return again
    if (!(await hold(id)) && alone) return null
    // What was being filmed when the page was killed.
    if (letGo.has(id) || !locksHere()) await recoverFilm(outbox, id)
    const { drafts, photos } = await outbox.drafts()
    const stored = drafts.find((draft) => draft.id === id)
    if (!stored) {
      free(id)
      return null
    }
    const own = photos.filter((photo) => photo.draft === id)
    // Another page may have been faster, or its device has just moved here.
    const held = heldAs(id)
    return held ? held.again() : take(rebased(stored, seenNow(parts, stored.record)), own)
  }

  await relist()
  return {
    flush,
    moveTo,
    place,
    drafts: {
      list,
      open: async <K extends KindCode>(kind: K, preset: DraftPreset<K> = {}) => {
        const stored = newDraft(kind, preset, preset.record ? seenNow(parts, preset.record) : null)
        await Promise.all([outbox.saveDraft(stored), hold(stored.id)])
        await point('after_draft')
        await relist()
        return take<K>(stored, [])
      },
      resume,
    },
  }
}

const locksHere = (): LockManager | undefined => (navigator as { locks?: LockManager }).locks

function newDraft<K extends KindCode>(
  kind: K,
  { fields = {}, record, replaces, page = {} }: DraftPreset<K>,
  before: Seen | null,
): StoredDraft {
  const at = now()
  return {
    id: newId(),
    kind,
    record: record ?? newId(),
    isNew: record === undefined,
    replaces: replaces ?? null,
    openedAt: at,
    savedAt: at,
    // A correction begins with what stands.
    fields: { ...before?.fields, ...clean(fields) },
    page,
    version: titles[kind].version,
    ...(before ? { before } : {}),
  }
}

function seenNow({ find, state }: DraftParts, record: Id): Seen | null {
  const standing = find(record)
  if (!standing) return null
  const fields = clean(standing.fields)
  const now = state()
  return { fields, stamps: now ? baseFor(now, record, [...Object.keys(fields), DELETED]) : {} }
}

/** What its author left alone is shown as it stands now; what they changed keeps what they saw. */
function rebased(draft: StoredDraft, standing: Seen | null): StoredDraft {
  const { before } = draft
  if (!before || !standing) return draft
  const changed = differing(draft.fields, before.fields)
  const own = Object.keys(changed)
  return {
    ...draft,
    fields: { ...standing.fields, ...only(draft.fields, own) },
    before: {
      fields: { ...without(standing.fields, own), ...only(before.fields, own) },
      stamps: {
        ...without(standing.stamps, [...own, DELETED]),
        ...only(before.stamps, [...own, DELETED]),
      },
    },
  }
}

function holdDraft(
  here: DraftParts['here'],
  place: () => Promise<Place>,
  stored: StoredDraft,
  held: readonly StoredPhoto[],
  gone: () => void,
): Held {
  const { id, record } = stored
  const data = reactive({
    ...{ id, kind: stored.kind, record, isNew: stored.isNew },
    ...{ replaces: stored.replaces, openedAt: stored.openedAt },
    ...(stored.version === undefined ? {} : { version: stored.version }),
    fields: stored.fields,
    page: stored.page,
  }) as unknown as DraftData
  const photos = shallowRef(held.map(({ about }) => about as unknown as DraftPhoto))
  const savedAt: Ref<number | null> = shallowRef(stored.savedAt)
  const state = shallowRef<'saved' | 'saving' | 'storage_full' | 'failed'>('saved')
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDirty = false
  let isOver = false
  /** Submitted or removed: there is no draft any more. */
  let isEnded = false
  let writing: Promise<void> = Promise.resolve()
  /** Photos on their way to the disk, and the line: who goes waits for them. */
  let shooting: Promise<unknown> = Promise.resolve()
  let ending: Promise<unknown> = Promise.resolve()
  const pages = new Set<object>()

  /** Where the draft lies now; where its device moved on meanwhile, there. */
  async function at<T>(act: (parts: DraftParts) => Promise<T>): Promise<T> {
    const { parts } = await place()
    try {
      return await act(parts)
    } catch (error) {
      if (!(error instanceof MovedOn)) throw error
      return act((await place()).parts)
    }
  }

  const changed = (): Promise<void> =>
    place()
      .then((now) => now.relist())
      .catch(() => undefined)

  const stop = watch(data, () => save(), { deep: true, flush: 'sync' })

  function save(): void {
    if (isOver) return
    isDirty = true
    clearTimeout(timer)
    timer = setTimeout(() => void flush().catch(() => undefined), SAVE_MS)
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    if (!isDirty || isOver) return writing
    isDirty = false
    state.value = 'saving'
    writing = writing.catch(() => undefined).then(write)
    return writing
  }

  async function write(): Promise<void> {
    if (isOver) return
    const moment = now()
    const { fields, page } = clean({ fields: data.fields, page: data.page })
    const next = { ...stored, savedAt: moment, fields, page } as StoredDraft
    try {
      await at(({ outbox }) => outbox.saveDraft(next))
      savedAt.value = moment
      state.value = isDirty ? 'saving' : 'saved'
      void changed()
    } catch (error) {
      isDirty = true
      state.value = error instanceof StorageFull ? 'storage_full' : 'failed'
      throw error
    }
  }

  function over(): void {
    isOver = true
    clearTimeout(timer)
    stop()
    gone()
  }

  async function keepPhoto(
    about: PhotoAbout,
    moment: { readonly taken: number; readonly place: Fix | null },
    picture: Picture,
  ): Promise<PhotoOutcome> {
    const { sha256, width, height, bytes } = picture
    const filmed = 'seconds' in picture ? { media: 'video' as const, seconds: picture.seconds } : {}
    const photo: DraftPhoto = {
      id: newId(),
      sha256,
      slot: about.slot,
      field: about.field ?? null,
      width,
      height,
      size: bytes.byteLength,
      taken: moment.taken,
      place: moment.place ? geoOf(moment.place) : { source: 'none' },
      heading: moment.place?.heading == null ? null : degrees(moment.place.heading),
      original_sha256: ('original_sha256' in picture && picture.original_sha256) || null,
      ...filmed,
    }
    const row = { id: photo.id, draft: id, sha256, about: clean(photo) }
    const blob = { sha256, type: 'type' in picture ? picture.type : 'image/jpeg', bytes }
    await at(async ({ outbox, makeRoom }) => {
      try {
        await outbox.savePhoto(row, blob)
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error
        await makeRoom()
        await outbox.savePhoto(row, blob)
      }
    })
    await point('blob_written')
    photos.value = [...photos.value, photo]
    await changed()
    return { ok: true, photo }
  }

  function taking(...shot: Parameters<typeof take>): Promise<PhotoOutcome> {
    const taken = take(...shot)
    shooting = Promise.all([shooting, taken]).catch(() => undefined)
    return taken
  }

  async function take(
    about: PhotoAbout,
    develop: (words: readonly string[]) => Promise<Picture>,
  ): Promise<PhotoOutcome> {
    if (isEnded) return { ok: false, reason: 'failed' }
    // Place, time and direction of this moment, whatever the camera takes to answer.
    const taken = now()
    const { place: last, chainage, person, zone } = here()
    const fix = freshAt(last, taken)
    const heading = fix?.heading ?? null
    const along = fix ? chainage : null
    const words = stampLines({ taken, fix, heading, chainage: along, person, zone })
    const most = limits.BLOBS_PER_ENTRY
    if (photos.value.length >= most) return { ok: false, reason: 'too_many' }
    try {
      const developing = develop(words)
      // Text first: it fits where a photo does not.
      const [picture] = await Promise.all([developing, flush().catch(() => undefined)])
      return await keepPhoto(about, { taken, place: fix }, picture)
    } catch (error) {
      if (error instanceof StorageFull) return { ok: false, reason: 'storage_full' }
      if (error instanceof NotTaken) return { ok: false, reason: error.fault }
      return { ok: false, reason: error instanceof Unreadable ? 'unreadable' : 'failed' }
    }
  }

  async function film(camera: Camera, about: PhotoAbout): Promise<LiveFilm | null> {
    if (isEnded || photos.value.length >= limits.BLOBS_PER_ENTRY) return null
    await flush().catch(() => undefined)
    const stream = await camera.filmed()
    const taken = now()
    const fix = freshAt(here().place, taken)
    const begun: Begun = {
      ...{ slot: about.slot, field: about.field ?? null, taken, ...camera.size() },
      place: fix ? geoOf(fix) : { source: 'none' },
      heading: fix?.heading == null ? null : degrees(fix.heading),
    }
    const ms = shallowRef(0)
    const pieces: ArrayBuffer[] = []
    let upTo = 0
    let isFull = false
    const live = startFilm(
      stream,
      async (piece) => {
        const kept = { ...begun, type: live.type, n: pieces.length, upTo: piece.upTo }
        pieces.push(piece.bytes)
        upTo = piece.upTo
        await at(async ({ outbox, makeRoom }) => {
          try {
            await keepPiece(outbox, id, kept, piece.bytes)
          } catch (error) {
            if (!(error instanceof StorageFull)) throw error
            isFull = true
            await makeRoom()
            await keepPiece(outbox, id, kept, piece.bytes)
            isFull = false
          }
        })
        await point('film_piece')
      },
      (elapsed) => (ms.value = elapsed),
    )

    const keep = async (): Promise<PhotoOutcome> => {
      await live.ended
      for (const track of stream.getAudioTracks()) track.stop()
      const size = camera.size()
      void camera.filmDone()
      if (pieces.length === 0) return { ok: false, reason: 'failed' }
      try {
        const bytes = joined(pieces)
        const name = await hashOf(bytes)
        const { type } = live
        const picture = { bytes, sha256: name, type, seconds: secondsOf(upTo), ...size }
        const kept = await keepPhoto(about, { taken, place: fix }, picture)
        await at(({ outbox }) => letPiecesGo(outbox, id))
        return kept
      } catch (error) {
        const isNoRoom = isFull || error instanceof StorageFull
        return { ok: false, reason: isNoRoom ? 'storage_full' : 'failed' }
      }
    }
    const done = keep()
    shooting = Promise.all([shooting, done]).catch(() => undefined)
    return { ms, silent: stream.getAudioTracks().length === 0, stop: live.stop, done }
  }

  function submit(also: readonly Op[] = []): Promise<Saved> {
    const submitted = becomeLine(also)
    ending = submitted.catch(() => undefined)
    return submitted
  }

  function remove(): Promise<void> {
    const removed = drop(ending)
    ending = removed.catch(() => undefined)
    return removed
  }

  async function drop(before: Promise<unknown>): Promise<void> {
    isOver = isEnded = true
    writing = writing.catch(() => undefined)
    await Promise.all([shooting, before, writing])
    over()
    await at(async ({ outbox }) => {
      await letPiecesGo(outbox, id)
      await outbox.removeDraft(id)
    })
    await changed()
  }

  async function close(page: object): Promise<void> {
    // One that cannot save may go all the same: it does not come back to close.
    pages.delete(page)
    await Promise.all([shooting, ending])
    await flush()
    if (pages.size === 0) over()
  }

  async function becomeLine(also: readonly Op[]): Promise<Saved> {
    await shooting
    clearTimeout(timer)
    // From here on nothing more is saved under this id: it would be a draft of what is sent.
    isOver = isEnded = true
    try {
      await (writing = writing.catch(() => undefined))
      const words = { ...stored, ...clean(data) } as StoredDraft
      const saved = await at((parts) =>
        parts.capture(lineOf(parts, words, photos.value, also), { draft: id }),
      )
      over()
      await changed()
      return saved
    } catch (error) {
      isOver = isEnded = false
      save()
      throw error
    }
  }

  const shown = {
    data,
    photos,
    savedAt,
    state,
    save,
    flush,
    shoot: (camera: Camera, about: PhotoAbout) => {
      // Called first of all, so that the frame is the one the finger meant.
      const frame = camera.freeze()
      frame.catch(() => undefined)
      return taking(about, async (words) => photograph(await frame, words))
    },
    addFile: (file: Blob, about: PhotoAbout) =>
      taking(about, (words) =>
        file.type.startsWith('video/') ? filmOfFile(file) : fromFile(file, words),
      ),
    film,
    removePhoto: async (sha256: Sha256) => {
      await at(({ outbox }) => outbox.removePhoto(id, sha256))
      photos.value = photos.value.filter((photo) => photo.sha256 !== sha256)
      await changed()
    },
    useAs: async (sha256: Sha256, slot: PhotoAbout['slot']) => {
      const photo = photos.value.find((it) => it.sha256 === sha256)
      if (!photo) return
      const next = { ...photo, slot }
      await flush()
      await at(async ({ outbox }) => {
        const bytes = await outbox.bytes(sha256)
        if (!bytes) return
        const row = { id: photo.id, draft: id, sha256, about: clean(next) }
        await outbox.savePhoto(row, { sha256, type: mediaType(bytes), bytes })
      })
      photos.value = photos.value.map((it) => (it.id === photo.id ? next : it))
    },
    submit,
    remove,
  }

  function show<K extends KindCode>(): OpenDraft<K> {
    const page = {}
    pages.add(page)
    return { ...shown, close: () => close(page) } as unknown as OpenDraft<K>
  }

  return {
    ...{ id, flush, show },
    again: async <K extends KindCode>() => {
      const draft = show<K>()
      await ending
      return isOver ? null : draft
    },
  }
}

const without = <T>(
  values: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
