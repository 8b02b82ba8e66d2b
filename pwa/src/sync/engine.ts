// Hosts the pure core: gives it what happens, does what it wants done. Decides nothing of its own.

import { counts, freeable, load, step } from '@hushui/sync'
import type {
  Draft,
  Effect,
  Event,
  Identity,
  Line,
  Notice,
  Sha256,
  State,
  StoredBlob,
  StoredLine,
  Write,
} from '@hushui/sync'
import type { Cache } from '../db/cache.ts'
import { StorageFull } from '../db/errors.ts'
import type { Along, HeldBlob, Outbox } from '../db/outbox.ts'
import { boot, jitter, mono, now } from '../ports.ts'
import { follow } from './follow.ts'
import { listen } from './live.ts'
import type { Hint } from './live.ts'
import type { Cargo, Transport } from './transport.ts'

type Send = Extract<Effect, { type: 'send' }>

type Stopped = Extract<Notice, { what: 'stopped' }>

export interface Parts {
  readonly identity: Identity
  readonly outbox: Outbox
  readonly openCache: () => Promise<Cache>
  readonly transport: (cargo: Cargo) => Transport
  /** For the hello: what the disk is like. */
  readonly storage: () => Promise<unknown>
  /** What looks different now; the state is in place already. */
  readonly onNotices: (notices: readonly Notice[]) => void
  readonly onHint?: (hint: Hint) => void
}

/** What a person sees of the sending; the tab that syncs tells the others. */
interface Contact {
  readonly online: boolean
  /** Something is on its way to the server at this moment. */
  readonly sending: boolean
  /** Phone time of the last answer. */
  readonly at: number | null
  readonly retryAt: number | null
}

export interface Engine {
  state(): State
  contact(): Contact
  readonly transport: Transport
  /** Resolves when the line is on the disk and can be seen in the state. */
  capture(draft: Draft, along?: Along): Promise<Line | StoredLine>
  /** Try now: the network may be back. */
  hurry(): void
  /** Lets go of every blob that may go (B07), for room. */
  makeRoom(): Promise<void>
  close(): Promise<void>
}

type Message =
  | { readonly type: 'captured' }
  | { readonly type: 'hurry' | 'ask' }
  | { readonly type: 'stored'; readonly writes: readonly Write[] }
  | { readonly type: 'contact'; readonly contact: Contact }
  | { readonly type: 'hint'; readonly hint: Hint }

/** Receipted photos kept for looking at; beyond that the oldest go first. */
const KEEP_BYTES = 40 * 1_048_576
const STORE_FAILURES_MAX = 3
const TIMEOUT_MS_MAX = 2 ** 31 - 1

export async function startEngine(parts: Parts): Promise<Engine> {
  const { outbox, identity } = parts
  const name = `hushui-sync-${identity.device}`
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
  const closed = new AbortController()
  let cache = await parts.openCache()
  let isLeading = false
  let contact: Contact = { online: false, sending: false, at: null, retryAt: null }
  let answeredAt: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopLive: (() => void) | undefined
  let wasGreeted = false
  let storeFailures = 0
  let reading: Promise<void> = Promise.resolve()
  const transport = parts.transport(cargoOf(parts))
  let state = await loadState()

  // ---- the core ----------------------------------------------------------------------------

  function dispatch(event: Event): void {
    if (closed.signal.aborted) return
    const { state: next, effects } = step(state, event)
    state = next
    if (isLeading) for (const effect of effects) perform(effect)
    const notices = effects.flatMap((effect) => (effect.type === 'notify' ? [effect.notice] : []))
    if (isLeading) {
      wasGreeted ||= state.greeted
      tellContact()
      keepLive()
    }
    if (notices.length > 0) parts.onNotices(notices)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        void send(effect)
        return
      case 'store':
        void store(effect)
        return
      case 'timer':
        clearTimeout(timer)
        timer = setTimeout(
          () => dispatch({ type: 'tick', now: mono() }),
          Math.min(Math.max(0, effect.at - mono()), TIMEOUT_MS_MAX),
        )
        return
      case 'notify':
        if (effect.notice.what === 'stopped') void lookFor(effect.notice.stop)
    }
  }

  /** P11: only a look that succeeded says that they are gone. */
  async function lookFor(stop: Stopped['stop']): Promise<void> {
    if (stop.why !== 'lines_missing') return
    const { from, to } = stop
    const lines = await outbox.lines(from, to).catch(() => null)
    for (const line of lines ?? []) dispatch({ type: 'captured', line, now: mono() })
    if (lines && lines[0]?.n !== from) dispatch({ type: 'lines_gone', from, now: mono() })
  }

  async function send({ id, request, contact }: Send): Promise<void> {
    const answer = await transport.send(request, contact)
    if (answer.ok) {
      const { status, headers } = answer
      answeredAt = now()
      const body = 'body' in answer ? { body: answer.body } : {}
      const moment = { now: mono(), wall: now(), jitter: jitter() }
      dispatch({ type: 'answer', id, status, headers, ...body, ...moment })
      return
    }
    if (request.type === 'push' && answer.reason === 'unparsable') {
      // Lines went from the disk under an open page: what is there now counts (P11).
      await loadAgain()
      return
    }
    if (request.type === 'blob_patch' && answer.reason === 'unparsable') {
      dispatch({ type: 'blob_missing', sha256: request.sha256, now: mono() })
    }
    dispatch({ type: 'failed', id, reason: answer.reason, now: mono(), jitter: jitter() })
  }

  async function store({ id, writes }: Extract<Effect, { type: 'store' }>): Promise<void> {
    try {
      await cache.write(writes)
    } catch (error) {
      await onStoreFailed(id, error)
      return
    }
    if (closed.signal.aborted) return
    storeFailures = 0
    post({ type: 'stored', writes })
    dispatch({ type: 'stored', id, now: mono() })
    if (writes.some((write) => write.store === 'blobs' || write.store === 'receipts')) {
      await free(KEEP_BYTES)
    }
  }

  async function loadAgain(): Promise<void> {
    state = await loadState()
    dispatch({ type: 'start', now: mono(), online: isOnline() })
    parts.onNotices([{ what: 'grants' }, { what: 'counts' }])
  }

  async function onStoreFailed(id: number, error: unknown): Promise<void> {
    if (closed.signal.aborted) return
    storeFailures++
    if (error instanceof StorageFull) await free(0)
    dispatch({ type: 'store_failed', id, now: mono() })
    if (error instanceof StorageFull || storeFailures < STORE_FAILURES_MAX) return
    // A cache that cannot be written is worth nothing: a fresh one, filled again by the server.
    storeFailures = 0
    cache.close()
    try {
      cache = await parts.openCache()
      await loadAgain()
    } catch {
      parts.onNotices([{ what: 'store_failed' }])
    }
  }

  async function free(keepBytes: number): Promise<void> {
    if (!isLeading) return
    const sha256s = toFree(state, keepBytes)
    if (sha256s.length === 0) return
    await outbox.free(sha256s).catch(() => undefined)
    for (const sha256 of sha256s) dispatch({ type: 'blob_freed', sha256, now: mono() })
  }

  // ---- lines -------------------------------------------------------------------------------

  /** Takes in what any tab captured; in order, and each line once. */
  function takeIn(): Promise<void> {
    reading = reading.then(async () => {
      const lines = await outbox.lines(state.head.n + 1)
      const named = new Set(lines.flatMap((line) => blobsOf(line)))
      const blobs = await outbox.describe([...named])
      for (const { sha256, size, type, here } of blobs) {
        const mime = type
        if (here) dispatch({ type: 'blob_added', sha256, size, mime, now: mono() })
      }
      for (const line of lines) dispatch({ type: 'captured', line, now: mono() })
    })
    const taken = reading
    reading = reading.catch(() => undefined)
    return taken
  }

  async function capture(draft: Draft, along: Along = {}): Promise<Line | StoredLine> {
    const { contact: seen, meta } = state
    const at = { wall: now(), mono: Math.round(mono()), boot: boot() }
    const line = await outbox.capture({ ...at, offset: meta.offset, contact: seen }, draft, along)
    post({ type: 'captured' })
    // The line is safe whatever becomes of this.
    await takeIn().catch(() => undefined)
    return line
  }

  // ---- one tab syncs -----------------------------------------------------------------------

  function lead(): void {
    isLeading = true
    dispatch({ type: 'start', now: mono(), online: isOnline() })
  }

  async function follower(): Promise<void> {
    // Another tab syncs; when it goes, this one begins from what lies on the disk.
    await inLock(name, {}, closed.signal, async () => {
      state = await loadState()
      parts.onNotices([{ what: 'grants' }, { what: 'counts' }])
      lead()
    })
  }

  function onMessage({ data }: MessageEvent<Message>): void {
    switch (data.type) {
      case 'captured':
        void takeIn().catch(() => undefined)
        return
      case 'hurry':
        if (isLeading) hurryUp()
        return
      case 'ask':
        if (isLeading) post({ type: 'contact', contact })
        return
      case 'stored': {
        if (isLeading) return
        const followed = follow(state, data.writes)
        state = followed.state
        const isGrants = data.writes.some(
          ({ store, key }) => store === 'meta' && ['grants', 'revoked', 'epoch'].includes(key),
        )
        parts.onNotices([
          { what: 'records', records: followed.records },
          { what: 'counts' },
          ...(isGrants ? [{ what: 'grants' } as const] : []),
        ])
        return
      }
      case 'contact':
        if (isLeading) return
        contact = data.contact
        parts.onNotices([{ what: 'connection' }])
        return
      case 'hint':
        parts.onHint?.(data.hint)
        return
    }
  }

  function post(message: Message): void {
    if (!closed.signal.aborted) channel?.postMessage(message)
  }

  function tellContact(): void {
    const { push, blob, hello } = state.lanes
    const due = Math.max(hello.due, push.due)
    const isWaiting = hello.failures + push.failures > 0 && due > mono()
    const next: Contact = {
      online: state.online && (state.greeted || hello.failures === 0),
      sending: push.sent !== null || blob.sent !== null,
      at: answeredAt ?? contact.at,
      retryAt: isWaiting ? Math.round((now() + due - mono()) / 1000) * 1000 : null,
    }
    if (JSON.stringify(next) === JSON.stringify(contact)) return
    contact = next
    post({ type: 'contact', contact })
    parts.onNotices([{ what: 'connection' }])
  }

  function keepLive(): void {
    const isWanted = wasGreeted && state.online && isVisible()
    if (isWanted && !stopLive) {
      stopLive = listen(transport, (hint) => {
        post({ type: 'hint', hint })
        parts.onHint?.(hint)
        dispatch({ type: 'hint', ...hint, now: mono(), jitter: jitter() })
      })
    } else if (!isWanted && stopLive) {
      stopLive()
      stopLive = undefined
    }
  }

  // ---- the world ---------------------------------------------------------------------------

  function hurryUp(): void {
    dispatch({ type: isOnline() ? 'online' : 'offline', now: mono() })
  }

  function onVisible(): void {
    if (!isLeading) return
    const isTroubled =
      !state.greeted || Object.values(state.lanes).some((lane) => lane.failures > 0)
    if (isVisible() && isTroubled && isOnline()) dispatch({ type: 'online', now: mono() })
    else dispatch({ type: 'tick', now: mono() })
  }

  async function loadState(): Promise<State> {
    const [lines, blobs, head, cached] = await Promise.all([
      outbox.lines(1),
      outbox.blobs(),
      outbox.get('head'),
      cache.load(),
    ])
    const meta = { ...(head ? { offset: head.offset } : {}), ...cached.meta }
    const loaded = load({ ...cached, identity, lines, meta })
    return { ...loaded, blobs: blobsNow(loaded, blobs) }
  }

  channel?.addEventListener('message', onMessage)
  const signal = closed.signal
  if (typeof window !== 'undefined') {
    const online = () => isLeading && hurryUp()
    window.addEventListener('online', online, { signal })
    window.addEventListener('offline', online, { signal })
    document.addEventListener('visibilitychange', onVisible, { signal })
  }

  const leads = await new Promise<boolean>((resolve) => {
    void inLock(name, { ifAvailable: true }, signal, () => {
      resolve(true)
      lead()
    }).then(() => resolve(false))
  })
  if (!leads) {
    void follower()
    post({ type: 'ask' })
  }

  return {
    state: () => state,
    contact: () => contact,
    transport,
    capture,
    hurry: () => {
      if (isLeading) hurryUp()
      else post({ type: 'hurry' })
    },
    makeRoom: () => free(0),
    close: async () => {
      await reading
      closed.abort()
      clearTimeout(timer)
      stopLive?.()
      channel?.close()
      cache.close()
    },
  }
}

/** Blobs that may go (B07), oldest first, until what stays is below `keepBytes`. */
export function toFree(state: State, keepBytes: number): Sha256[] {
  const named = lastNamed(state)
  const may = freeable(state).sort((a, b) => (named.get(a) ?? 0) - (named.get(b) ?? 0))
  const sizeOf = (sha256: Sha256) => state.blobs.get(sha256)?.size ?? 0
  let held = may.reduce((sum, sha256) => sum + sizeOf(sha256), 0)
  return may.filter((sha256) => {
    if (held <= keepBytes) return false
    held -= sizeOf(sha256)
    return true
  })
}

/** By blob, the last line that names it: the store lists blobs by their hash. */
function lastNamed(state: State): ReadonlyMap<Sha256, number> {
  const named = new Map<Sha256, number>()
  for (const { n, entry } of state.lines.values()) {
    for (const sha256 of entry.blobs) named.set(sha256, Math.max(n, named.get(sha256) ?? 0))
  }
  return named
}

/** What the phone really has, whatever the cache remembers: it may have been dropped. */
export function blobsNow(state: State, held: readonly HeldBlob[]): State['blobs'] {
  const blobs = new Map<Sha256, StoredBlob>(state.blobs)
  const byName = new Map(held.map((blob) => [blob.sha256, blob]))
  for (const { entry } of state.lines.values()) {
    for (const sha256 of entry.blobs) {
      const blob = byName.get(sha256)
      const cached = blobs.get(sha256)
      if (blob) {
        const { size, type: mime } = blob
        // Without bytes the server is asked first whether it has them, before anything is called lost.
        const bytes = blob.here ? 'here' : 'freed'
        const told = cached ?? { receipt: null, epoch: null, location: null }
        blobs.set(sha256, { ...told, sha256, size, mime, bytes })
      } else if (cached?.bytes === 'here') {
        blobs.set(sha256, { ...cached, bytes: 'freed' })
      }
    }
  }
  return blobs
}

export function pendingOf(state: State): { readonly lines: number; readonly photos: number } {
  const { lines, photos } = counts(state)
  return { lines, photos }
}

function cargoOf({ outbox, storage }: Parts): Cargo {
  let last: { readonly sha256: Sha256; readonly bytes: ArrayBuffer } | undefined
  return {
    lines: async (from, to) => (await outbox.lines(from, to)).map((line) => line.bytes),
    chunk: async (sha256, offset, length) => {
      if (last?.sha256 !== sha256) {
        const bytes = await outbox.bytes(sha256)
        last = bytes && { sha256, bytes }
      }
      const end = offset + length
      const chunk = last?.bytes.slice(offset, end)
      if (last && end >= last.bytes.byteLength) last = undefined
      return chunk
    },
    hello: async () => ({ wall: now(), storage: await storage() }),
  }
}

const blobsOf = (line: StoredLine): readonly Sha256[] =>
  (JSON.parse(new TextDecoder().decode(line.bytes)) as { blobs: readonly Sha256[] }).blobs

/**
 * Runs `work` holding the lock until `closed`. Resolves at once when `ifAvailable` and it is not. A
 * browser without locks gets it always: two syncing tabs are slower, not wrong (P04).
 */
async function inLock(
  name: string,
  options: LockOptions,
  closed: AbortSignal,
  work: () => void | Promise<void>,
): Promise<void> {
  const until = new Promise<void>((resolve) => {
    closed.addEventListener('abort', () => resolve(), { once: true })
  })
  const locks =
    typeof navigator === 'undefined' ? null : (navigator as { locks?: LockManager | null }).locks
  let isAsked = false
  const holding = async (lock: unknown): Promise<void> => {
    isAsked = true
    if (!lock || closed.aborted) return
    await work()
    await until
  }
  const waiting = options.ifAvailable ? {} : { signal: closed }
  try {
    if (!locks) await holding(true)
    else await locks.request(name, { ...options, ...waiting }, holding)
  } catch (error) {
    if (closed.aborted) return
    // Some private windows have locks and refuse them.
    if (isAsked) throw error
    await holding(true)
  }
}

const isOnline = (): boolean => typeof navigator === 'undefined' || navigator.onLine !== false
const isVisible = (): boolean =>
  typeof document === 'undefined' || document.visibilityState === 'visible'
