// Phones for the simulator, in one node process: one JSON line in, one JSON line out. The state of a
// phone dies with a crash, its stores do not. Nothing here has a clock, a network or a random number:
// the simulator is all three. Bytes are base64.
//
// {"device", "fn", …} → {"effects": […], …} or {"error"}. `device` is the simulator's name for the phone.
//
//   create   identity                          a phone with empty stores; then send it a start event
//   event    event                             effects
//   store    id, how, now                      how a store effect ends: ok · fail · crash_before · crash_after
//   capture  draft, wall, mono, boot, now, …   line; `crash`: before | after the transaction;
//            `told` false: another tab's; `at`: members to override; an op without base gets what is seen
//   photo    bytes, mime, now                  sha256; kept beside its record
//   free     now                               sha256s: frees what may be freed
//   lose     sha256, now                       the bytes of a photo are gone
//   crash                                      the state is loaded from the stores; then send a start event
//   evict    stores                            names of stores that are emptied; the state is loaded anew
//   copy     to                                another phone with the same identity and stores (clone, backup)
//   reissue  n, to, identity                   lines after n captured again by a new phone
//   view     record?                           view and status of one record, or all that is visible
//   dump                                       what it holds, in memory and in the stores

import { createInterface } from 'node:readline'
import {
  baseFor,
  counts,
  fetching,
  freeable,
  hex,
  load,
  reissue,
  scopeDigest,
  sha256Hex,
  statusOf,
  step,
  view,
  visible,
} from '../../sync/ts/tests/support.ts'
import type {
  At,
  Draft,
  Effect,
  Event,
  Identity,
  Op,
  Request,
  State,
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
  evict: (phone, { stores }) => {
    for (const name of stores as string[]) empty(phone.disk, name)
    return { effects: [], ...reload(phone) }
  },
  copy: (phone, { to }) => {
    open(String(to), copyOf(phone.disk))
    return { effects: [] }
  },
  reissue: onReissue,
  view: ({ state }, { record }) =>
    record === undefined
      ? { views: visible(state) }
      : {
          view: view(state, String(record)) ?? null,
          status: statusOf(state, String(record)) ?? null,
        },
  dump,
}

createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (text) => {
  process.stdout.write(`${JSON.stringify(answer(text))}\n`)
})

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
  return next.effects.map((effect) => onWire(phone, effect))
}

function onWire(phone: Phone, effect: Effect): unknown {
  if (!('id' in effect)) return effect
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
  const { sha256, offset, length } = request
  const bytes = disk.bytes.get(sha256)
  return { bytes: bytes ? base64(bytes.subarray(offset, offset + length)) : null }
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
    contact: disk.meta.contact ?? disk.identity.contact,
    ...(call['at'] as Partial<At> | undefined),
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
  return { line: shown, effects: feed(phone, { type: 'captured', line, now: Number(call['now']) }) }
}

const fieldsOf = ({ act, set }: { act: Op['act']; set: Op['set'] }): string[] =>
  act === 'del' || act === 'undel' ? ['$deleted'] : act === 'put' ? Object.keys(set) : []

function onPhoto(phone: Phone, call: Call): Answer {
  const bytes = Uint8Array.from(Buffer.from(String(call['bytes']), 'base64'))
  const sha256 = sha256Hex(bytes)
  const mime = String(call['mime'] ?? 'image/jpeg')
  const { disk } = phone
  const size = bytes.length
  disk.bytes.set(sha256, bytes)
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
  return { sha256, effects: feed(phone, event) }
}

function onFree(phone: Phone, { now }: Call): Answer {
  const effects: unknown[] = []
  const freed = freeable(phone.state)
  for (const sha256 of freed) {
    phone.disk.bytes.delete(sha256)
    effects.push(...feed(phone, { type: 'blob_freed', sha256, now: Number(now) }))
  }
  return { sha256s: freed, effects }
}

function onReissue(phone: Phone, { n, to, identity }: Call): Answer {
  const fresh = open(String(to), new Stores(identity as Identity))
  const drafts = reissue(phone.state, Number(n), fresh.disk.identity.device)
  for (const { at, draft } of drafts) fresh.disk.capture(at, draft)
  for (const [sha256, bytes] of phone.disk.bytes) fresh.disk.bytes.set(sha256, bytes)
  for (const [sha256, blob] of phone.disk.blobs) {
    fresh.disk.blobs.set(sha256, { ...blob, receipt: null, epoch: null, location: null })
  }
  reload(fresh)
  return { count: drafts.length, effects: [] }
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

function dump({ state, disk, life, waiting }: Phone): Answer {
  const { head, contact, meta, known, online, greeted, push, round, timer } = state
  const scopes = Object.fromEntries(
    [...state.scopes].map(([scope, { cursor, members }]) => {
      const staying = [...members.values()].filter(({ gone }) => !gone)
      const revs = staying.map(({ record, rev }) => [record, rev] as const)
      return [scope, { cursor, members: revs, digest: hex(scopeDigest(revs)) }]
    }),
  )
  return {
    life,
    state: { head, contact, meta, known, online, greeted, push, round, timer, scopes },
    lines: [...state.lines.values()].map(({ n, hash, id, receipt, settled, left }) => ({
      n,
      hash,
      id,
      receipt,
      settled,
      left,
    })),
    rows: [...state.rows.values()],
    blobs: [...state.blobs.values()].map((blob) => ({
      ...blob,
      held: disk.bytes.has(blob.sha256),
    })),
    counts: counts(state),
    freeable: freeable(state),
    fetching: fetching(state),
    waiting: [...waiting.keys()],
    disk: {
      lines: [...disk.lines.values()].map((line) => ({ ...line, bytes: base64(line.bytes) })),
      receipts: [...disk.receipts.values()],
      rows: [...disk.rows.keys()],
      meta: disk.meta,
    },
  }
}
