// The core's views as pages see them, kept up to date record by record.

import { counts, inForce, view, visible } from '@hushui/sync'
import type { Counts, Id, JsonObject, Notice, Sha256, State, Unaccepted, View } from '@hushui/sync'
import { computed, shallowReactive, shallowRef, toValue } from 'vue'
import type { MaybeRefOrGetter } from 'vue'
import type {
  HsRecord,
  OwnLineView,
  RecordAdd,
  RecordPhoto,
  Records,
  ReviewBody,
  Status,
} from '../app.ts'
import type { KindCode } from '../generated/kinds.ts'
import { titles } from '../generated/titles.ts'
import type { PhotoDesk } from './photos.ts'

export interface Views {
  readonly records: Records
  find(id: Id): HsRecord | undefined
  /** Everything anew: another device, other grants. */
  refill(): void
  on(notices: readonly Notice[]): void
  /** Records whose photos or lines are on their way look different while they are. */
  moving(): void
  /** The office was asked for it. */
  photo(sha256: Sha256): void
  numbers(): { readonly unaccepted: number; readonly returned: number }
}

type ById = Map<Id, HsRecord>

const NOWHERE: Status = { state: 'received', at: null }

type Asked = Pick<PhotoDesk, 'isThere' | 'doubt'>

export function createViews(stateNow: () => State | null, asked: () => Asked): Views {
  const all: ById = shallowReactive(new Map<Id, HsRecord>())
  const byKind = shallowReactive(new Map<string, ById>())
  const photos = shallowReactive(new Map<Id, readonly Id[]>())
  /** Own lines, blobs: what lists of lines and photos are drawn from. */
  const turn = shallowRef(0)

  function ofKind(kind: string): ById {
    const held = byKind.get(kind)
    if (held) return held
    const fresh: ById = shallowReactive(new Map<Id, HsRecord>())
    byKind.set(kind, fresh)
    return fresh
  }

  function place(id: Id, record: HsRecord | undefined): void {
    const before = all.get(id)
    if (before && before.kind !== record?.kind) ofKind(before.kind).delete(id)
    if (!record) {
      all.delete(id)
      if (before?.kind === 'photo') attach(before, false)
      return
    }
    all.set(id, record)
    ofKind(record.kind).set(id, record)
    if (record.kind === 'photo' && !before) attach(record, true)
  }

  function attach(photo: HsRecord, isThere: boolean): void {
    const { subject } = (photo as HsRecord<'photo'>).fields
    if (subject === undefined) return
    const others = (photos.get(subject) ?? []).filter((id) => id !== photo.id)
    photos.set(subject, isThere ? [...others, photo.id] : others)
  }

  /** Spoken of by unaccepted lines of the person's other phones (R04). */
  let strays: Strays = new Map()

  function update(ids: Iterable<Id>): void {
    const state = stateNow()
    if (!state) return
    const said = counts(state)
    const before = strays
    strays = straysOf(state, said)
    const subjects = new Set<Id>()
    const draw = (id: Id) => {
      const seen = view(state, id)
      const record = seen && isKnown(seen.kind) ? recordOf(seen, said) : undefined
      place(id, withPhotos(withStrays(record, id, strays.get(id) ?? [], state), state))
      const { subject } = (all.get(id) as HsRecord<'photo'> | undefined)?.fields ?? {}
      if (subject !== undefined) subjects.add(subject)
    }
    for (const id of new Set([...ids, ...before.keys(), ...strays.keys()])) draw(id)
    for (const id of subjects) if (all.has(id)) draw(id)
    turn.value++
  }

  const photosOf = (subject: Id, state: State): RecordPhoto[] =>
    (photos.get(subject) ?? []).flatMap((id) => {
      const photo = all.get(id) as HsRecord<'photo'> | undefined
      return photo && !photo.deleted ? [photoOf(photo, state, asked().isThere)] : []
    })

  /** A row does not say whether the bytes have come: only who has seen them says so. */
  function withPhotos(record: HsRecord | undefined, state: State): HsRecord | undefined {
    if (record?.status.state === 'received_partial') return withFilms(record, state)
    if (record?.status.state !== 'received') return record
    const lacking = photosOf(record.id, state).filter((photo) => photo.state === 'missing')
    if (lacking.length === 0) return record
    const missing = lacking.filter(({ sha256 }) => asked().isThere(sha256) === false).length
    const filmed = lacking.some(({ seconds }) => seconds !== null)
    return { ...record, status: { state: 'received_partial', missing: missing || null, filmed } }
  }

  function withFilms(record: HsRecord, state: State): HsRecord {
    const lacking = photosOf(record.id, state).filter((photo) => photo.state !== 'received')
    const filmed = lacking.some(({ seconds }) => seconds !== null)
    return filmed ? { ...record, status: { ...record.status, filmed } as Status } : record
  }

  function refill(): void {
    const state = stateNow()
    all.clear()
    byKind.forEach((map) => map.clear())
    photos.clear()
    if (state) {
      const said = counts(state)
      for (const seen of visible(state)) {
        if (isKnown(seen.kind)) place(seen.record, recordOf(seen, said))
      }
      strays = new Map()
      update([...photos.keys()])
    }
    turn.value++
  }

  function moving(): void {
    const state = stateNow()
    if (!state) return
    const ids = new Set<Id>()
    for (const line of state.lines.values()) {
      const isMoving = line.receipt === null || line.entry.blobs.some((sha) => !has(state, sha))
      if (isMoving) for (const op of line.entry.ops) ids.add(op.record)
    }
    update(ids)
  }

  function photo(sha256: Sha256): void {
    const named = [...ofKind('photo').values()] as HsRecord<'photo'>[]
    update(named.filter(({ fields }) => fields.sha256 === sha256).map(({ id }) => id))
  }

  function on(notices: readonly Notice[]): void {
    const ids = new Set<Id>()
    let isAll = false
    let isSome = false
    for (const notice of notices) {
      if (notice.what === 'records' || notice.what === 'unaccepted') {
        for (const id of notice.records) {
          ids.add(id)
          const { sha256 } = (all.get(id) as HsRecord<'photo'> | undefined)?.fields ?? {}
          if (sha256 !== undefined) asked().doubt(sha256)
        }
      } else if (notice.what === 'blob') {
        for (const id of namersOf(stateNow(), notice.sha256)) ids.add(id)
      } else if (notice.what === 'purged' || notice.what === 'epoch' || notice.what === 'grants') {
        isAll = true
      } else if (notice.what === 'counts') isSome = true
    }
    if (isAll) refill()
    else if (isSome || ids.size > 0) update(ids)
  }

  const newest = (records: Iterable<HsRecord>): HsRecord[] =>
    [...records].sort((a, b) => b.captured - a.captured || (a.id < b.id ? 1 : -1))

  const records = {
    list: (kind?: MaybeRefOrGetter<KindCode>, filter?: (record: HsRecord) => boolean) =>
      computed(() => {
        const code = toValue(kind)
        const from = code === undefined ? all : ofKind(code)
        const list = newest(from.values())
        return filter ? list.filter(filter) : list
      }),
    get: (id: MaybeRefOrGetter<Id>) => computed(() => all.get(toValue(id)) ?? null),
    status: (id: MaybeRefOrGetter<Id>) => computed(() => all.get(toValue(id))?.status ?? NOWHERE),
    photos: (subject: MaybeRefOrGetter<Id>) =>
      computed(() => {
        void turn.value
        const state = stateNow()
        const found = state ? photosOf(toValue(subject), state) : []
        return found.sort((a, b) => a.taken - b.taken)
      }),
    inForce: (record: HsRecord) => {
      if (record.status.state !== 'unaccepted') return record
      const state = stateNow()
      const body = state && inForce(state, record.id)
      if (!body) return null
      const { deleted } = body
      return { ...record, fields: body.fields as HsRecord['fields'], deleted, status: NOWHERE }
    },
    conflicts: () =>
      computed(() => newest([...all.values()].filter((record) => record.conflicts.length > 0))),
    lines: () =>
      computed(() => {
        void turn.value
        return linesOf(stateNow())
      }),
    nameOf: (person: Id) => {
      const name = (all.get(person) as HsRecord<'member'> | undefined)?.fields.name
      return name ?? ''
    },
  } as Records

  return {
    records,
    find: (id) => all.get(id),
    refill,
    on,
    moving,
    photo,
    numbers: () => {
      let returned = 0
      const state = stateNow()
      for (const { status, author, deleted } of all.values()) {
        const isMine = author === state?.identity.person
        if (status.state === 'returned' && isMine && !deleted) returned++
      }
      const items = state ? counts(state).unaccepted : []
      const shown = items.filter(({ records }) => records.some((record) => all.has(record)))
      return { unaccepted: new Set(shown.flatMap((item) => groupOf(item))).size, returned }
    },
  }
}

/** A line that waits for another is one item with it (D01). */
const groupOf = (item: Unaccepted): readonly string[] =>
  item.waits !== null ? [] : [item.records[0] ?? item.entry ?? `${item.device}:${item.n}`]

/** What a newer app wrote is kept, and shown by an app that knows it. */
const isKnown = (kind: string): kind is KindCode => KINDS.has(kind)
const KINDS: ReadonlySet<string> = new Set(Object.keys(titles))

const has = (state: State, sha256: string): boolean =>
  state.blobs.get(sha256)?.epoch === state.meta.epoch

function namersOf(state: State | null, sha256: string): Id[] {
  if (!state) return []
  return [...state.lines.values()]
    .filter((line) => line.entry.blobs.includes(sha256))
    .flatMap((line) => line.entry.ops.map((op) => op.record))
}

// ---- one record ----------------------------------------------------------------------------

const known = new WeakMap<View, HsRecord>()

function recordOf(seen: View, said: Counts): HsRecord {
  // Untouched rows come as the same object again: what draws them need not draw them again.
  const held = known.get(seen)
  if (held && seen.status.state !== 'unaccepted') return held
  const review = reviewOf(seen.review)
  const record: HsRecord = {
    id: seen.record,
    kind: seen.kind as KindCode,
    fields: seen.fields as HsRecord['fields'],
    stamps: seen.stamps,
    adds: seen.adds as unknown as readonly RecordAdd[],
    deleted: seen.deleted,
    version: seen.version,
    author: seen.author,
    device: seen.device,
    captured: seen.captured,
    flags: seen.flags,
    conflicts: seen.conflicts,
    review,
    number: seen.number,
    local: seen.rev === null || seen.overlay.length > 0,
    status: statusOf(seen, review, said),
  }
  known.set(seen, record)
  return record
}

// ---- what another phone of the person wrote and the office did not take (R04) ---------------

type Strays = ReadonlyMap<Id, readonly Unaccepted[]>

/** By record, in the order they were written; own lines lie on top of their records anyway. */
function straysOf(state: State, said: Counts): Strays {
  const found = new Map<Id, Unaccepted[]>()
  for (const item of said.unaccepted) {
    const isOwn = item.device === state.identity.device && state.lines.has(item.n)
    if (isOwn || item.line === null) continue
    for (const id of item.records) found.set(id, [...(found.get(id) ?? []), item])
  }
  for (const items of found.values()) items.sort((a, b) => (a.device === b.device ? a.n - b.n : 0))
  return found
}

/** The record as that phone shows it, so that it can be read, repaired or given up here. */
function withStrays(
  record: HsRecord | undefined,
  id: Id,
  items: readonly Unaccepted[],
  state: State,
): HsRecord | undefined {
  return items.reduce((held, item) => withStray(held, id, item, state), record)
}

function withStray(
  held: HsRecord | undefined,
  id: Id,
  item: Unaccepted,
  { identity }: State,
): HsRecord | undefined {
  const ops = item.line?.ops.filter((op) => op.record === id) ?? []
  const puts = ops.filter((op) => op.act === 'put')
  const first = puts[0]
  const isNew = first && isKnown(first.kind)
  const base = held ?? (isNew ? strayOf(id, first.kind, item, identity.person) : undefined)
  if (!base) return undefined
  const fields = Object.assign({}, base.fields, ...puts.map((op) => op.set)) as HsRecord['fields']
  return { ...base, fields, local: true }
}

function strayOf(id: Id, kind: string, item: Unaccepted, person: Id): HsRecord {
  const { device, verdict, code, field, entry, waits, line } = item
  const { wall, offset } = line?.at ?? { wall: item.at, offset: 0 }
  return {
    ...{ id, kind: kind as KindCode, fields: {}, stamps: {}, adds: [] },
    ...{ deleted: false, version: 1 },
    ...{ author: person, device, captured: wall - offset, flags: [], conflicts: [], review: null },
    number: null,
    local: true,
    status: {
      ...{ state: 'unaccepted', code: code ?? 'internal', verdict, field },
      ...{ entry: entry ?? '', waits },
    },
  }
}

function statusOf(seen: View, review: ReviewBody | null, said: Counts): Status {
  const { status } = seen
  switch (status.state) {
    case 'saved_local':
      return { state: 'saved_local' }
    case 'uploading': {
      const total = status.linesTotal + status.photosMissing
      return { state: 'uploading', done: status.linesReceived, total }
    }
    case 'received_partial':
      return { state: 'received_partial', missing: status.photosMissing }
    case 'photo_lost':
      return { state: 'photo_lost', lost: status.photosMissing }
    case 'received':
      return isReturned(seen, review)
        ? { state: 'returned', review }
        : { state: 'received', at: status.at ?? null }
    case 'unaccepted': {
      const item = said.unaccepted.find(({ records }) => records.includes(seen.record))
      return {
        state: 'unaccepted',
        code: status.code ?? 'internal',
        verdict: item?.verdict ?? 'refused',
        field: item?.field ?? null,
        entry: item?.entry ?? '',
        waits: item?.waits ?? null,
      }
    }
  }
}

/** Only what was said about the version that stands now. */
const isReturned = (seen: View, review: ReviewBody | null): review is ReviewBody =>
  review?.decision === 'returned' && review.version === seen.version

function reviewOf(body: JsonObject | null): ReviewBody | null {
  if (!body) return null
  const { decision, version, reason, points, by, at, entry } = body
  if (decision !== 'approved' && decision !== 'returned' && decision !== 'rejected') return null
  return {
    decision,
    version: Number(version),
    reason: typeof reason === 'string' && reason !== '' ? reason : null,
    points: Array.isArray(points) ? (points as unknown as ReviewBody['points']) : [],
    by: typeof by === 'string' ? by : null,
    at: typeof at === 'number' ? at : null,
    entry: typeof entry === 'string' ? entry : null,
  }
}

function photoOf(
  photo: HsRecord<'photo'>,
  state: State,
  isThere: PhotoDesk['isThere'],
): RecordPhoto {
  const { sha256 = '', slot = 'scene', taken = photo.captured, note = null } = photo.fields
  const seconds = photo.fields.media === 'video' ? (photo.fields.seconds ?? 0) : null
  const blob = state.blobs.get(sha256)
  const base = { id: photo.id, sha256, slot, taken, note, seconds }
  if (has(state, sha256)) return { ...base, state: 'received', progress: 1 }
  if (!blob) {
    const isHere = photo.local && photo.device === state.identity.device
    if (isHere) return { ...base, state: 'saved_local', progress: 0 }
    // Another phone's to send: there when the office has shown it.
    const came = isThere(sha256) === true
    return { ...base, state: came ? 'received' : 'missing', progress: came ? 1 : 0 }
  }
  if (blob.bytes === 'lost') return { ...base, state: 'photo_lost', progress: 0 }
  const offset = state.uploads.get(sha256)?.offset ?? 0
  const progress = blob.size > 0 ? offset / blob.size : 0
  const isMoving = progress > 0 || isSending(state, sha256)
  return { ...base, state: isMoving ? 'uploading' : 'saved_local', progress }
}

function isSending(state: State, sha256: string): boolean {
  const request = state.lanes.blob.sent?.request
  return request !== undefined && 'sha256' in request && request.sha256 === sha256
}

function linesOf(state: State | null): OwnLineView[] {
  if (!state) return []
  const lines = [...state.lines.values()].sort((a, b) => b.n - a.n)
  return lines.map(({ n, id, hash, entry, size, receipt, settled, former }) => ({
    n,
    entry: id,
    hash,
    records: [...new Set(entry.ops.map((op) => op.record))],
    kinds: [...new Set(entry.ops.map((op) => op.kind))],
    acts: [...new Set(entry.ops.map((op) => op.act))],
    why: (entry.ops.map((op) => op.set['correction']).find(Boolean) as string) ?? null,
    level: entry.ops.map((op) => op.set['level']).find(Boolean) as string | undefined,
    wall: entry.at.wall,
    bytes: size,
    photos: entry.blobs.length,
    receipt,
    settled,
    former,
  }))
}
