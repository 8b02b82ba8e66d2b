// Phones for the simulator, in one node process: one JSON line in, one JSON line out. The state of a
// phone dies with a crash, its stores do not. Nothing here has a clock, a network or a random number:
// the simulator is all three. Lines are base64; the bytes of a photo stay with the simulator.
//
// {"device", "fn", …} → {"effects": […], …} or {"error"}. `device` is the simulator's name for the phone.
//
//   create   identity                          a phone with empty stores; then send it a start event
//   event    event                             effects
//   store    id, how, now                      how a store effect ends: ok · fail · crash_before · crash_after
//   capture  draft, wall, mono, boot, now, …   line, and the records it speaks of as the page shows them;
//            `crash`: before | after the transaction; `told` false: another tab's;
//            an op without base gets what is seen
//   tell     from, to, now                     this tab hears of lines that another tab wrote
//   photo    sha256, size, now                 kept beside its record
//   free     now                               sha256s: frees what may be freed
//   lose     sha256, now                       the bytes of a photo are gone
//   crash                                      the state is loaded from the stores; then send a start event
//   drop     from, to                          these lines are gone from the disk; the state is loaded anew
//   gone     from, now                         nobody has found the lines from here on that a push needs
//   evict    stores                            names of stores that are emptied; the state is loaded anew
//   copy     to                                another phone with the same identity and stores (clone, backup)
//   reissue  n, to, identity                   lines after n captured again by a new phone
//   forget                                     nobody uses this phone any more
//   choices  kinds                             records of these kinds that are to be seen, and their authors
//   view     record                            how it is seen
//   standing zone                              grants of this zone that are seen and not ended
//   leaks    scopes                            what is visible of these scopes alone
//   digests                                    epoch, position and digest of every scope that is here whole
//   counts                                     what waits to be sent, and what is lost
//   dump                                       what it holds

import { readSync, writeSync } from 'node:fs'
import {
  baseFor,
  counts,
  entryOfBytes,
  freeable,
  isSeen,
  digestText,
  load,
  reissue,
  scopeDigest,
  laterContact,
  own,
  step,
  view,
} from '../../sync/ts/tests/support.ts'
import type {
  At,
  Draft,
  Effect,
  Event,
  Identity,
  Notice,
  Op,
  Request,
  State,
  StoredRow,
  Write,
} from '../../sync/ts/tests/support.ts'
import { Stores } from '../../sync/ts/tests/stores.ts'

interface Phone {
  disk: Stores
  state: State
  /** Answers to an earlier life of the page cannot reach this one. */
  life: number
  waiting: Map<string, readonly Write[]>
}

type Call = Record<string, unknown> & { readonly device: string; readonly fn: string }
type Answer = Record<string, unknown>

const phones = new Map<string, Phone>()
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const calls: Record<string, (phone: Phone, call: Call) => Answer> = {
  event: (phone, call) => ({ effects: onEvent(phone, call['event'] as Event) }),
  store: (phone, call) => ({ effects: onStore(phone, call) }),
  capture: onCapture,
  photo: onPhoto,
  free: onFree,
  lose: (phone, { sha256, now }) => {
    phone.disk.bytes.delete(String(sha256))
    return {
      effects: feed(phone, { type: 'blob_missing', sha256: String(sha256), now: Number(now) }),
    }
  },
  crash: (phone) => ({ effects: [], ...reload(phone) }),
  drop: (phone, { from, to }) => {
    for (let n = Number(from); n <= Number(to); n++) phone.disk.lines.delete(n)
    return { effects: [], ...reload(phone) }
  },
  gone: (phone, { from, now }) => ({
    effects: feed(phone, { type: 'lines_gone', from: Number(from), now: Number(now) }),
  }),
  evict: (phone, { stores }) => {
    for (const name of stores as string[]) empty(phone.disk, name)
    return { effects: [], ...reload(phone) }
  },
  copy: (phone, { to }) => {
    open(String(to), copyOf(phone.disk))
    return { effects: [] }
  },
  tell: onTell,
  reissue: onReissue,
  forget: (_, { device }) => {
    phones.delete(device)
    return { effects: [] }
  },
  choices: ({ state }, { kinds }) => ({ choices: choicesOf(state, kinds as string[]) }),
  view: ({ state }, { record }) => ({ view: oneOf(state, String(record)) }),
  standing: ({ state }, { zone }) => ({ grants: standingOf(state, String(zone)) }),
  leaks: ({ state }, { scopes }) => ({ leaks: leaksOf(state, scopes as string[]) }),
  counts: ({ state }) => ({ counts: countsOf(state) }),
  digests: ({ state }) => ({ digests: digestsOf(state) }),
  dump,
}

function answer(text: string): Answer {
  try {
    const call = JSON.parse(text) as Call
    if (call.fn === 'create') {
      open(call.device, new Stores(call['identity'] as Identity))
      return { effects: [] }
    }
    const phone = phones.get(call.device)
    const run = calls[call.fn]
    if (!phone || !run) return { error: `no ${phone ? call.fn : call.device}` }
    return run(phone, call)
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function open(name: string, disk: Stores): Phone {
  const phone = { disk, state: load(disk.persisted), life: 1, waiting: new Map() }
  phones.set(name, phone)
  return phone
}

function reload(phone: Phone): Answer {
  phone.state = load(phone.disk.persisted)
  phone.life += 1
  phone.waiting.clear()
  return { life: phone.life }
}

// ---- events and effects --------------------------------------------------------------------

/** Ids carry the life of the page that gave them: `LIFE.ID`. */
function onEvent(phone: Phone, event: Event): unknown[] {
  if (!('id' in event)) return feed(phone, event)
  const [life, id] = String(event.id).split('.')
  if (Number(life) !== phone.life) return []
  return feed(phone, { ...event, id: Number(id) })
}

function onStore(phone: Phone, { id, how, now }: Call): unknown[] {
  const writes = phone.waiting.get(String(id))
  if (!writes) return []
  phone.waiting.delete(String(id))
  if (how === 'ok' || how === 'crash_after') phone.disk.write(writes)
  if (how === 'crash_before' || how === 'crash_after') {
    reload(phone)
    return []
  }
  const type = how === 'ok' ? 'stored' : 'store_failed'
  return feed(phone, { type, id: Number(String(id).split('.')[1]), now: Number(now) })
}

function feed(phone: Phone, event: Event): unknown[] {
  const next = step(phone.state, event)
  phone.state = next.state
  return next.effects.map((effect) => onWire(phone, effect)).filter((effect) => effect !== null)
}

/** The other notices are about drawing pages anew. */
const TOLD: readonly Notice['what'][] = [
  'epoch',
  'lines_lost',
  'purged',
  'rejected',
  'stopped',
  'store_failed',
  'unauthenticated',
  'unknown_device',
]

function onWire(phone: Phone, effect: Effect): unknown {
  if (!('id' in effect)) {
    return effect.type !== 'notify' || TOLD.includes(effect.notice.what) ? effect : null
  }
  const id = `${phone.life}.${effect.id}`
  if (effect.type === 'store') {
    phone.waiting.set(id, effect.writes)
    return { type: 'store', id, count: effect.writes.length }
  }
  return { ...effect, id, ...bytesOf(phone, effect.request) }
}

function bytesOf({ disk }: Phone, request: Request): Answer {
  if (request.type === 'push') {
    const lines: string[] = []
    for (let n = request.from; n <= request.to; n++) {
      const line = disk.lines.get(n)
      // Never an empty line in its place: the server would take it for one.
      if (!line) throw new Error(`line ${n} is not in the store`)
      lines.push(base64(line.bytes))
    }
    return { lines }
  }
  if (request.type !== 'blob_patch') return {}
  return { here: disk.bytes.has(request.sha256) }
}

// ---- what a person does --------------------------------------------------------------------

type Typed = Omit<Draft, 'ops'> & { ops: (Omit<Op, 'base'> & { base?: Op['base'] })[] }

function onCapture(phone: Phone, call: Call): Answer {
  const { disk, state } = phone
  const draft = call['draft'] as Typed
  const at: At = {
    wall: Number(call['wall']),
    mono: Number(call['mono'] ?? call['now']),
    boot: String(call['boot'] ?? disk.identity.device),
    // Read in the same transaction as the head: what is stored, not what is under way (T04).
    offset: disk.meta.offset ?? 0,
    contact: laterContact(lastContact(disk), disk.meta.contact ?? disk.identity.contact),
  }
  if (call['crash'] === 'before') return { line: null, effects: [], ...reload(phone) }
  const ops = draft.ops.map((op) => ({
    ...op,
    base: op.base ?? baseFor(state, op.record, fieldsOf(op)),
  }))
  const line = disk.capture(at, { ...draft, ops })
  const shown = { n: line.n, hash: line.hash, id: line.id, bytes: base64(line.bytes) }
  if (call['crash'] === 'after') return { line: shown, effects: [], ...reload(phone) }
  if (call['told'] === false) return { line: shown, effects: [] }
  const effects = feed(phone, { type: 'captured', line, now: Number(call['now']) })
  const views = [...new Set(draft.ops.map((op) => op.record))].map((record) => {
    const { fields, deleted } = view(phone.state, record) ?? {}
    return [record, fields ? { fields, deleted } : null]
  })
  return { line: shown, effects, shown: Object.fromEntries(views) as unknown }
}

/** T04: it never runs backwards inside a feed, not even when the cache was lost. */
function lastContact(disk: Stores): string | undefined {
  const { last } = disk
  return last && entryOfBytes(last.bytes).at.contact
}

function onTell(phone: Phone, { from, to, now }: Call): Answer {
  const effects: unknown[] = []
  for (let n = Number(from); n <= Number(to); n++) {
    const line = phone.disk.lines.get(n)
    if (line) effects.push(...feed(phone, { type: 'captured', line, now: Number(now) }))
  }
  return { effects }
}

const fieldsOf = ({ act, set }: { act: Op['act']; set: Op['set'] }): string[] =>
  act === 'del' || act === 'undel' ? ['$deleted'] : act === 'put' ? Object.keys(set) : []

function onPhoto(phone: Phone, call: Call): Answer {
  const sha256 = String(call['sha256'])
  const size = Number(call['size'])
  const mime = 'image/jpeg'
  const { disk } = phone
  disk.bytes.set(sha256, NO_BYTES)
  if (!disk.blobs.has(sha256)) {
    disk.blobs.set(sha256, {
      sha256,
      size,
      mime,
      bytes: 'here',
      receipt: null,
      epoch: null,
      location: null,
    })
  }
  const event = { type: 'blob_added', sha256, size, mime, now: Number(call['now']) } as const
  return { effects: feed(phone, event) }
}

/** What they are the simulator knows. */
const NO_BYTES = new Uint8Array(0)

function onFree(phone: Phone, { now }: Call): Answer {
  const effects: unknown[] = []
  const freed = freeable(phone.state)
  for (const sha256 of freed) {
    phone.disk.bytes.delete(sha256)
    effects.push(...feed(phone, { type: 'blob_freed', sha256, now: Number(now) }))
  }
  return { sha256s: freed, effects }
}

// From the disk: what another tab wrote is in no other memory.
function onReissue(phone: Phone, { n, to, identity }: Call): Answer {
  const fresh = open(String(to), new Stores(identity as Identity))
  const drafts = reissue(load(phone.disk.persisted), Number(n), fresh.disk.identity.device)
  const named = new Set(drafts.flatMap(({ draft }) => draft.blobs))
  const lines = drafts.map(({ at, draft }) => {
    const line = fresh.disk.capture(at, draft)
    return { n: line.n, hash: line.hash, id: line.id, bytes: base64(line.bytes) }
  })
  for (const [sha256, blob] of phone.disk.blobs) {
    if (!named.has(sha256)) continue
    const bytes = phone.disk.bytes.get(sha256)
    if (bytes) fresh.disk.bytes.set(sha256, bytes)
    fresh.disk.blobs.set(sha256, {
      ...blob,
      bytes: bytes ? 'here' : blob.bytes,
      receipt: null,
      epoch: null,
      location: null,
    })
  }
  reload(fresh)
  return { lines, effects: [] }
}

/** The records of these kinds that are to be seen, each with its author. */
function choicesOf(
  state: State,
  kinds: readonly string[],
  maybe: (row: StoredRow) => boolean = () => true,
): Answer[] {
  const { overlay } = own(state)
  const found: Answer[] = []
  const look = (record: string, kind: unknown, author: unknown): void => {
    if (kinds.includes(String(kind)) && isSeen(state, record)) found.push({ record, author })
  }
  for (const [record, row] of state.rows) {
    if (maybe(row)) look(record, row.body['kind'], row.body['author'])
  }
  for (const [record, lines] of overlay) {
    if (state.rows.has(record)) continue
    const ops = lines.flatMap(({ entry }) => entry.ops)
    const made = ops.find((op) => op.record === record && op.act === 'put')
    look(record, made?.kind, state.identity.person)
  }
  return found
}

function standingOf(state: State, zone: string): string[] {
  const { overlay } = own(state)
  return choicesOf(state, ['grant'], ({ record, body }) => {
    const fields = body['fields'] as Record<string, unknown> | undefined
    return overlay.has(record) || (fields?.['zone'] === zone && !fields['ended'])
  })
    .map(({ record }) => String(record))
    .filter((record) => {
      const { fields } = view(state, record)!
      return fields['zone'] === zone && !fields['ended']
    })
}

function oneOf(state: State, id: string): Answer {
  const { record, kind, author, deleted, fields } = view(state, id)!
  return { record, kind, author, deleted, fields }
}

// ---- what must hold ------------------------------------------------------------------------

/** Records to be seen although they travel in these scopes only, and no own line speaks of them. */
function leaksOf(state: State, scopes: readonly string[]): string[] {
  const gone = new Set<string>()
  const kept = new Set<string>()
  for (const [scope, { members }] of state.scopes) {
    for (const record of members.keys()) (scopes.includes(scope) ? gone : kept).add(record)
  }
  const { overlay } = own(state)
  return [...gone].filter((record) => {
    return !kept.has(record) && !overlay.has(record) && view(state, record) !== undefined
  })
}

function digestsOf(state: State): unknown[] {
  return [...state.scopes].flatMap(([scope, { cursor, members }]) => {
    if (!cursor || cursor.after !== null || cursor.sweep || cursor.epoch !== state.meta.epoch)
      return []
    const staying = [...members.values()].filter(({ gone }) => !gone)
    const digest = scopeDigest(staying.map(({ record, rev }) => [record, rev] as const))
    return [[scope, cursor.epoch, cursor.position, digestText(digest)]]
  })
}

// ---- the stores ----------------------------------------------------------------------------

function empty(disk: Stores, name: string): void {
  if (name === 'meta') disk.meta = {}
  else (disk[name as 'rows'] as Map<string, unknown>).clear()
}

const TABLES = ['lines', 'receipts', 'rows', 'members', 'cursors', 'blobs', 'bytes'] as const

function copyOf(disk: Stores): Stores {
  const copy = new Stores(disk.identity)
  for (const name of TABLES) {
    for (const [key, value] of disk[name]) (copy[name] as Map<unknown, unknown>).set(key, value)
  }
  copy.meta = { ...disk.meta }
  return copy
}

function dump({ state, disk }: Phone): Answer {
  const { head, contact, meta, known, greeted, push, round } = state
  const scopes = Object.fromEntries(
    [...state.scopes].map(([scope, { cursor, members }]) => {
      const staying = [...members.values()].filter(({ gone }) => !gone)
      const revs = staying.map(({ record, rev }) => [record, rev] as const)
      return [scope, { cursor, members: revs, digest: digestText(scopeDigest(revs)) }]
    }),
  )
  return {
    state: { head, contact, meta, known, greeted, push, round, scopes },
    lines: [...state.lines.values()].map(({ n, receipt }) => ({
      n,
      receipt: receipt && { number: receipt.number, verdict: receipt.verdict },
    })),
    rows: [...state.rows.values()],
    blobs: [...state.blobs.values()].map(({ sha256 }) => ({
      sha256,
      held: disk.bytes.has(sha256),
    })),
    counts: countsOf(state),
  }
}

function countsOf(state: State): Answer {
  const { lines, photos, lost } = counts(state)
  return { lines, photos, lost }
}

// ---- the wire ------------------------------------------------------------------------------

// Blocking on purpose: whoever calls waits for the answer, and one after the other is all there is.
const IN = Buffer.alloc(1 << 20)
let text = ''
const decoder = new TextDecoder()
for (let read = readSync(0, IN); read > 0; read = readSync(0, IN)) {
  text += decoder.decode(IN.subarray(0, read), { stream: true })
  if (!text.endsWith('\n')) continue
  const out = Buffer.from(`${JSON.stringify(answer(text))}\n`)
  text = ''
  for (let at = 0; at < out.length;) at += writeSync(1, out, at)
}
