// Phones of today's core for tests against the real server: one JSON line in, one JSON line out.
// {"phone", "fn", …} → {"effects": […], …} or {"error"}. Bytes are base64.
//
//   create   identity
//   event    event
//   stored   id                        the store effect of that id is on the disk
//   capture  draft, at, now            with the base that its author sees
//   photo    bytes, now                sha256
//   free     now                       sha256s: what may be freed is
//   look     record?                   status and view of a record; what the phone holds

import { createInterface } from 'node:readline'
import {
  baseFor,
  counts,
  freeable,
  digestText,
  load,
  scopeDigest,
  sha256Hex,
  statusOf,
  step,
  view,
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
  readonly disk: Stores
  state: State
  readonly waiting: Map<number, readonly Write[]>
}
type Call = Record<string, unknown> & { readonly phone: string; readonly fn: string }
type Answer = Record<string, unknown>

const phones = new Map<string, Phone>()
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const calls: Record<string, (phone: Phone, call: Call) => Answer> = {
  event: (phone, { event }) => feed(phone, event as Event),
  stored: (phone, { id, now }) => {
    phone.disk.write(phone.waiting.get(Number(id)) ?? [])
    phone.waiting.delete(Number(id))
    return feed(phone, { type: 'stored', id: Number(id), now: Number(now) })
  },
  capture: (phone, { draft, at, now }) => {
    const { disk, state } = phone
    const typed = draft as Draft
    const ops = typed.ops.map((op: Op) => ({
      ...op,
      base: baseFor(state, op.record, Object.keys(op.set)),
    }))
    const { offset = 0, contact = disk.identity.contact } = disk.meta
    const line = disk.capture({ ...(at as At), offset, contact }, { ...typed, ops })
    return {
      line: base64(line.bytes),
      ...feed(phone, { type: 'captured', line, now: Number(now) }),
    }
  },
  photo: (phone, { bytes, now }) => {
    const picture = Uint8Array.from(Buffer.from(String(bytes), 'base64'))
    const sha256 = sha256Hex(picture)
    phone.disk.bytes.set(sha256, picture)
    const added = { type: 'blob_added', sha256, size: picture.length, mime: 'image/jpeg' } as const
    return { sha256, ...feed(phone, { ...added, now: Number(now) }) }
  },
  free: (phone, { now }) => {
    const sha256s = freeable(phone.state)
    const effects = sha256s.flatMap((sha256) => {
      phone.disk.bytes.delete(sha256)
      return feed(phone, { type: 'blob_freed', sha256, now: Number(now) })['effects'] as unknown[]
    })
    return { sha256s, effects }
  },
  look: ({ state }, { record = '' }) => ({
    status: statusOf(state, String(record)) ?? null,
    view: view(state, String(record)) ?? null,
    counts: counts(state),
    lines: [...state.lines.values()].map(({ n, receipt, former }) => ({ n, receipt, former })),
    blobs: [...state.blobs.values()],
    grants: state.meta.grants,
    scopes: Object.fromEntries(
      [...state.scopes].map(([scope, { members }]) => {
        const revs = [...members.values()].map(({ record, rev }) => [record, rev] as const)
        return [scope, { members: Object.fromEntries(revs), digest: digestText(scopeDigest(revs)) }]
      }),
    ),
  }),
}

function feed(phone: Phone, event: Event): Answer {
  const { state, effects } = step(phone.state, event)
  phone.state = state
  return { effects: effects.map((effect) => onWire(phone, effect)) }
}

function onWire({ disk, waiting }: Phone, effect: Effect): unknown {
  if (effect.type === 'store') {
    waiting.set(effect.id, effect.writes)
    return { type: 'store', id: effect.id }
  }
  return effect.type === 'send' ? { ...effect, ...bytesOf(disk, effect.request) } : effect
}

function bytesOf(disk: Stores, request: Request): Answer {
  if (request.type === 'push') {
    const wanted = [...disk.lines.values()].filter(({ n }) => n >= request.from && n <= request.to)
    return { lines: wanted.map(({ bytes }) => base64(bytes)) }
  }
  if (request.type !== 'blob_patch') return {}
  const { sha256, offset, length } = request
  const bytes = disk.bytes.get(sha256) ?? new Uint8Array()
  return { bytes: base64(bytes.subarray(offset, offset + length)) }
}

function answer(text: string): Answer {
  try {
    const call = JSON.parse(text) as Call
    if (call.fn === 'create') {
      const disk = new Stores(call['identity'] as Identity)
      phones.set(call.phone, { disk, state: load(disk.persisted), waiting: new Map() })
      return { effects: [] }
    }
    const phone = phones.get(call.phone)
    const run = calls[call.fn]
    return phone && run ? run(phone, call) : { error: `no ${phone ? call.fn : call.phone}` }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (text) => {
  process.stdout.write(`${JSON.stringify(answer(text))}\n`)
})
