// Drafts: on the disk before anything else happens, and back exactly where they were after a kill.

import { limits } from '@hushui/sync'
import type { Draft as Line, Id, JsonObject, Op, Sha256, State } from '@hushui/sync'
import { reactive, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type {
  App,
  Camera,
  DraftData,
  DraftPhoto,
  DraftPreset,
  DraftSummary,
  Drafts,
  HsRecord,
  OpenDraft,
  PhotoAbout,
  PhotoOutcome,
  Saved,
} from '../app.ts'
import { fromFile, photograph, Unreadable } from '../capture/photo.ts'
import type { Photograph } from '../capture/photo.ts'
import { point } from '../capture/point.ts'
import { degrees, freshAt, geoOf } from '../capture/position.ts'
import type { Place } from '../capture/position.ts'
import { stampLines } from '../capture/stamp.ts'
import { StorageFull } from '../db/errors.ts'
import type { Along, Outbox, StoredDraft, StoredPhoto } from '../db/outbox.ts'
import type { KindCode } from '../generated/kinds.ts'
import { newId, now } from '../ports.ts'
import { clean, notWaiting } from './ops.ts'

export interface DraftParts extends Pick<App, 'opPut'> {
  readonly outbox: Outbox
  state(): State | null
  find(id: Id): HsRecord | undefined
  capture(draft: Line, along: Along): Promise<Saved>
  /** Frees what may go; then there may be room. */
  makeRoom(): Promise<void>
  /** What is burnt into a photo taken at this moment. */
  here(): { place: Place | null; chainage: number | null; person: string; zone: string }
}

export interface DraftDesk {
  readonly drafts: Drafts
  /** Whatever is not saved yet is saved. */
  flush(): Promise<void>
}

const SAVE_MS = 500

export async function createDrafts(parts: DraftParts): Promise<DraftDesk> {
  const { outbox } = parts
  const list = shallowRef<readonly DraftSummary[]>([])
  const open = new Set<OpenDraft>()

  async function relist(): Promise<void> {
    const { drafts, photos } = await outbox.drafts()
    const sorted = drafts.sort((a, b) => b.savedAt - a.savedAt)
    list.value = sorted.map((draft) => ({
      id: draft.id,
      kind: draft.kind as KindCode,
      record: draft.record,
      isNew: draft.isNew,
      fields: draft.fields,
      photos: photos.filter((photo) => photo.draft === draft.id).length,
      savedAt: draft.savedAt,
    }))
  }

  function take<K extends KindCode>(
    stored: StoredDraft,
    photos: readonly StoredPhoto[],
  ): OpenDraft<K> {
    const draft = openDraft<K>(parts, stored, photos, {
      changed: () => relist().catch(() => undefined),
      gone: () => open.delete(draft as unknown as OpenDraft),
    })
    open.add(draft as unknown as OpenDraft)
    return draft
  }

  await relist()
  return {
    flush: async () => {
      await Promise.all([...open].map((draft) => draft.flush().catch(() => undefined)))
    },
    drafts: {
      list,
      open: async <K extends KindCode>(kind: K, preset: DraftPreset<K> = {}) => {
        const stored = newDraft(kind, preset, preset.record ? parts.find(preset.record) : undefined)
        await outbox.saveDraft(stored)
        await point('after_draft')
        await relist()
        return take<K>(stored, [])
      },
      resume: async <K extends KindCode>(id: Id) => {
        const { drafts, photos } = await outbox.drafts()
        const stored = drafts.find((draft) => draft.id === id)
        if (!stored) return null
        const own = photos.filter((photo) => photo.draft === id)
        return take<K>(stored, own)
      },
      remove: async (id) => {
        await outbox.removeDraft(id)
        await relist()
      },
    },
  }
}

function newDraft<K extends KindCode>(
  kind: K,
  { fields = {}, record, replaces, page = {} }: DraftPreset<K>,
  standing: HsRecord | undefined,
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
    fields: { ...clean(standing?.fields ?? {}), ...clean(fields) },
    page,
  }
}

interface Told {
  changed(): Promise<void>
  gone(): void
}

function openDraft<K extends KindCode>(
  parts: DraftParts,
  stored: StoredDraft,
  held: readonly StoredPhoto[],
  told: Told,
): OpenDraft<K> {
  const { outbox } = parts
  const { id, record } = stored
  const data = reactive({
    ...{ id, kind: stored.kind, record, isNew: stored.isNew },
    ...{ replaces: stored.replaces, openedAt: stored.openedAt },
    fields: stored.fields,
    page: stored.page,
  }) as unknown as DraftData<K>
  const photos = shallowRef(held.map(({ about }) => about as unknown as DraftPhoto))
  const savedAt: Ref<number | null> = shallowRef(stored.savedAt)
  const state = shallowRef<'saved' | 'saving' | 'storage_full' | 'failed'>('saved')
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDirty = false
  let isOver = false
  let writing: Promise<void> = Promise.resolve()

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
    const at = now()
    const { fields, page } = clean({ fields: data.fields, page: data.page })
    const next = { ...stored, savedAt: at, fields, page } as StoredDraft
    try {
      await outbox.saveDraft(next)
      savedAt.value = at
      state.value = isDirty ? 'saving' : 'saved'
      void told.changed()
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
    told.gone()
  }

  async function keepPhoto(
    about: PhotoAbout,
    at: { readonly taken: number; readonly place: Place | null },
    picture: Photograph & { readonly original_sha256?: string },
  ): Promise<PhotoOutcome> {
    const { sha256, width, height, bytes } = picture
    const photo: DraftPhoto = {
      id: newId(),
      sha256,
      slot: about.slot,
      field: about.field ?? null,
      width,
      height,
      size: bytes.byteLength,
      taken: at.taken,
      place: at.place ? geoOf(at.place) : { source: 'none' },
      heading: at.place?.heading == null ? null : degrees(at.place.heading),
      original_sha256: picture.original_sha256 ?? null,
    }
    const row = { id: photo.id, draft: id, sha256, about: clean(photo) }
    const blob = { sha256, type: 'image/jpeg', bytes }
    try {
      await outbox.savePhoto(row, blob)
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
      await parts.makeRoom()
      await outbox.savePhoto(row, blob)
    }
    await point('blob_written')
    photos.value = [...photos.value, photo]
    await told.changed()
    return { ok: true, photo }
  }

  async function taking(
    about: PhotoAbout,
    develop: (words: readonly string[]) => Promise<Photograph>,
  ): Promise<PhotoOutcome> {
    // Place, time and direction of this moment, whatever the camera takes to answer.
    const taken = now()
    const { place, chainage, person, zone } = parts.here()
    const fix = freshAt(place, taken)
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
      return { ok: false, reason: error instanceof Unreadable ? 'unreadable' : 'failed' }
    }
  }

  async function submit(also: readonly Op[] = []): Promise<Saved> {
    clearTimeout(timer)
    await writing.catch(() => undefined)
    const line = lineOf(parts, { ...stored, ...clean(data) } as StoredDraft, photos.value, also)
    const saved = await parts.capture(line, { draft: id })
    over()
    await told.changed()
    return saved
  }

  return {
    data,
    photos,
    savedAt,
    state,
    save,
    flush,
    shoot: (camera: Camera, about) => {
      // Called first of all, so that the frame is the one the finger meant.
      const frame = camera.freeze()
      frame.catch(() => undefined)
      return taking(about, async (words) => photograph(await frame, words))
    },
    addFile: (file, about) => taking(about, (words) => fromFile(file, words)),
    removePhoto: async (sha256: Sha256) => {
      await outbox.removePhoto(id, sha256)
      photos.value = photos.value.filter((photo) => photo.sha256 !== sha256)
      await told.changed()
    },
    submit,
    remove: async () => {
      over()
      await outbox.removeDraft(id)
      await told.changed()
    },
    close: async () => {
      await flush()
      over()
    },
  }
}

/** The draft as one line. Its id is the draft's: submitted twice, it is written once. */
function lineOf(
  parts: DraftParts,
  draft: StoredDraft,
  photos: readonly DraftPhoto[],
  also: readonly Op[],
): Line {
  const { record, replaces } = draft
  const kind = draft.kind as KindCode
  const before = replaces === null ? undefined : lineToReplace(parts.state(), replaces)
  const standing = parts.find(record)
  // What takes the place of a line must hold all of it.
  const isWhole = before !== undefined || draft.isNew || !standing
  const fields = isWhole ? draft.fields : differing(draft.fields, standing.fields as JsonObject)
  const kept = (before?.ops ?? []).filter((op) => op.record !== record)
  const ops = [
    ...(Object.keys(fields).length > 0 ? [parts.opPut(kind, record, fields)] : []),
    ...kept,
    ...photos.map((photo) => photoOp(parts, record, photo)),
    ...also,
  ]
  return {
    id: draft.id,
    ops: replaces === null ? ops : ops.map((op) => notWaiting(op, replaces)),
    blobs: [...new Set([...(before?.blobs ?? []), ...photos.map((photo) => photo.sha256)])],
    ...(replaces === null ? {} : { replaces }),
  }
}

function photoOp({ opPut }: DraftParts, subject: Id, photo: DraftPhoto): Op {
  const { id, field, heading, original_sha256, ...rest } = photo
  return opPut('photo', id, {
    subject,
    ...rest,
    ...(field === null ? {} : { field }),
    ...(heading === null ? {} : { heading }),
    ...(original_sha256 === null ? {} : { original_sha256 }),
  })
}

function differing(fields: JsonObject, standing: JsonObject): JsonObject {
  const names = new Set([...Object.keys(fields), ...Object.keys(standing)])
  const changed = [...names].filter(
    (name) => JSON.stringify(fields[name] ?? null) !== JSON.stringify(standing[name] ?? null),
  )
  // Taken out of the form is taken out of the record.
  return Object.fromEntries(changed.map((name) => [name, fields[name] ?? null]))
}

function lineToReplace(state: State | null, entry: Id): Pick<Line, 'ops' | 'blobs'> | undefined {
  if (!state) return undefined
  for (const line of state.lines.values()) if (line.id === entry) return line.entry
  // Of another phone of the same person: its text came with the row (R04).
  for (const [row, { body }] of state.rows) {
    const text = row.startsWith('u:') ? body['line'] : null
    if (typeof text !== 'string' || !text.includes(entry)) continue
    try {
      const line = JSON.parse(text) as Pick<Line, 'ops' | 'blobs' | 'id'>
      if (line.id === entry) return line
    } catch {
      // Unreadable lines cannot be repaired, only declined (D05).
    }
  }
  return undefined
}
