// Drafts: on the disk before anything else happens, and back exactly where they were after a kill.

import { baseFor, DELETED, limits, UNACCEPTED } from '@hushui/sync'
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
import type { Place as Fix } from '../capture/position.ts'
import { stampLines } from '../capture/stamp.ts'
import { MovedOn, StorageFull } from '../db/errors.ts'
import type { Along, Outbox, Seen, StoredDraft, StoredPhoto } from '../db/outbox.ts'
import type { KindCode } from '../generated/kinds.ts'
import { titles } from '../generated/titles.ts'
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
  here(): { place: Fix | null; chainage: number | null; person: string; zone: string }
}

export interface DraftDesk {
  readonly drafts: Drafts
  /** Whatever is not saved yet is saved. */
  flush(): Promise<void>
  /** Its device moves on: open drafts wait, and go on there (P05). */
  moveTo(there: Promise<DraftDesk>): Promise<void>
  /** Where its open drafts lie now. */
  place(): Promise<Place>
}

interface Place {
  readonly parts: DraftParts
  readonly open: Set<OpenDraft>
  relist(): Promise<void>
}

const SAVE_MS = 500
/** The field in which a version says why it corrects the one before. */
const REASON = 'correction'

export async function createDrafts(parts: DraftParts): Promise<DraftDesk> {
  const { outbox } = parts
  const list = shallowRef<readonly DraftSummary[]>([])
  const open = new Set<OpenDraft>()
  let there: Promise<DraftDesk> | null = null

  const place = async (): Promise<Place> =>
    there ? (await there).place() : { parts, open, relist }

  const flush = async (): Promise<void> => {
    await Promise.all([...open].map((draft) => draft.flush().catch(() => undefined)))
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
    const draft = openDraft<K>(parts.here, place, stored, photos, () => {
      const gone = (from: Place) => from.open.delete(draft as unknown as OpenDraft)
      gone({ parts, open, relist })
      void place().then(gone, () => undefined)
    })
    open.add(draft as unknown as OpenDraft)
    return draft
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
        return take<K>(rebased(stored, seenNow(parts, stored.record)), own)
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

function openDraft<K extends KindCode>(
  here: DraftParts['here'],
  place: () => Promise<Place>,
  stored: StoredDraft,
  held: readonly StoredPhoto[],
  gone: () => void,
): OpenDraft<K> {
  const { id, record } = stored
  const data = reactive({
    ...{ id, kind: stored.kind, record, isNew: stored.isNew },
    ...{ replaces: stored.replaces, openedAt: stored.openedAt },
    ...(stored.version === undefined ? {} : { version: stored.version }),
    fields: stored.fields,
    page: stored.page,
  }) as unknown as DraftData<K>
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
  let submitting: Promise<unknown> = Promise.resolve()

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
      taken: moment.taken,
      place: moment.place ? geoOf(moment.place) : { source: 'none' },
      heading: moment.place?.heading == null ? null : degrees(moment.place.heading),
      original_sha256: picture.original_sha256 ?? null,
    }
    const row = { id: photo.id, draft: id, sha256, about: clean(photo) }
    const blob = { sha256, type: 'image/jpeg', bytes }
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
    develop: (words: readonly string[]) => Promise<Photograph>,
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
      return { ok: false, reason: error instanceof Unreadable ? 'unreadable' : 'failed' }
    }
  }

  function submit(also: readonly Op[] = []): Promise<Saved> {
    const submitted = becomeLine(also)
    submitting = submitted.catch(() => undefined)
    return submitted
  }

  async function becomeLine(also: readonly Op[]): Promise<Saved> {
    await shooting
    clearTimeout(timer)
    // From here on nothing more is saved under this id: it would be a draft of what is sent.
    isOver = isEnded = true
    try {
      await writing.catch(() => undefined)
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
      await at(({ outbox }) => outbox.removePhoto(id, sha256))
      photos.value = photos.value.filter((photo) => photo.sha256 !== sha256)
      await changed()
    },
    submit,
    remove: async () => {
      over()
      isEnded = true
      await Promise.all([shooting, submitting])
      await at(({ outbox }) => outbox.removeDraft(id))
      await changed()
    },
    close: async () => {
      await Promise.all([shooting, submitting])
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
  const { record } = draft
  const replaces = isTaken(parts.state(), draft.replaces) ? null : draft.replaces
  const kind = draft.kind as KindCode
  const replaced = replaces === null ? undefined : lineToReplace(parts.state(), replaces)
  const fields = fieldsOf(parts, draft, replaced)
  // The form holds the record's fields; what else the line did, what it added to lists too, goes along.
  const kept = (replaced?.ops ?? []).filter((op) => op.record !== record || op.act !== 'put')
  const put = parts.opPut(kind, record, fields)
  const base = draft.before ? baseOf(parts, draft, draft.before.stamps, replaced) : put.base
  const ops = [
    ...(Object.keys(fields).length > 0
      ? [{ ...put, base: only(base, [...Object.keys(fields), DELETED]) }]
      : []),
    ...kept,
    ...photos.map((photo) => photoOp(parts, record, photo)),
    ...also,
  ]
  return {
    id: draft.id,
    ops: replaces === null ? ops : ops.map((op) => notWaiting(op, replaces)),
    blobs: [...new Set([...(replaced?.blobs ?? []), ...photos.map((photo) => photo.sha256)])],
    ...(replaces === null ? {} : { replaces }),
  }
}

/** What the line writes. What it corrects without a reason has none: the last one's is not its own. */
function fieldsOf(
  parts: DraftParts,
  draft: StoredDraft,
  replaced: Replaced | undefined,
): JsonObject {
  const fields = changedFields(parts, draft, replaced)
  const standing = draft.before?.fields ?? parts.find(draft.record)?.fields ?? {}
  const isStale = (standing as JsonObject)[REASON] != null && !(REASON in fields)
  const isCorrection = !draft.isNew && Object.keys(fields).length > 0
  return isStale && isCorrection ? { ...fields, [REASON]: null } : fields
}

/** Of a record that stands, only what its author changed. */
function changedFields(
  parts: DraftParts,
  draft: StoredDraft,
  replaced: Replaced | undefined,
): JsonObject {
  const { record, isNew, before } = draft
  if (isNew) return draft.fields
  // What takes the place of a line must hold all of it.
  if (before && replaced) {
    const held = putsOf(replaced, record).flatMap((op) => Object.keys(op.set))
    return { ...only(draft.fields, held), ...differing(draft.fields, before.fields) }
  }
  if (before) return differing(draft.fields, before.fields)
  const standing = parts.find(record)
  if (replaced || !standing) return draft.fields
  return differing(draft.fields, standing.fields as JsonObject)
}

/** E07: what the author saw when the form was opened, not what stands when it is sent. */
function baseOf(
  { state }: DraftParts,
  { record, replaces }: StoredDraft,
  seen: Seen['stamps'],
  replaced: Replaced | undefined,
): Op['base'] {
  // Under the line that is replaced lies what its own author saw.
  const under = Object.assign({}, ...putsOf(replaced, record).map((op) => op.base)) as Op['base']
  const own = Object.entries(seen).filter(
    ([, stamp]) => stamp !== replaces && !isGivenUp(state(), stamp),
  )
  return { ...under, ...Object.fromEntries(own) }
}

const putsOf = (line: Replaced | undefined, record: Id): readonly Op[] =>
  (line?.ops ?? []).filter((op) => op.record === record && op.act === 'put')

/** Accepted after all while it was being repaired: repeated, what it added would stand there twice. */
function isTaken(state: State | null, entry: Id | null): boolean {
  const line = [...(state?.lines.values() ?? [])].find(({ id }) => id === entry)
  return line?.receipt != null && !UNACCEPTED.includes(line.receipt.verdict)
}

/** Nothing will ever come of this line: who named it would wait for ever (D01). */
function isGivenUp(state: State | null, entry: Id): boolean {
  const lines = [...(state?.lines.values() ?? [])]
  const line = lines.find(({ id }) => id === entry)
  if (!line?.settled || !line.receipt || !UNACCEPTED.includes(line.receipt.verdict)) return false
  return !lines.some(({ entry: { replaces } }) => replaces === entry)
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

const only = <T>(
  values: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))

const without = <T>(
  values: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

type Replaced = Pick<Line, 'ops' | 'blobs'>

function lineToReplace(state: State | null, entry: Id): Replaced | undefined {
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
