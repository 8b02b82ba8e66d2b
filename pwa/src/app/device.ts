// One device in use: its outbox, its engine when it is enrolled, its drafts, its patrol.

import type { Draft as Line, Id, JsonObject, Notice, State } from '@hushui/sync'
import type { Connection, HsRecord, Saved } from '../app.ts'
import { patrolling } from '../capture/patrol.ts'
import type { Patrol, Patrolling } from '../capture/patrol.ts'
import { point } from '../capture/point.ts'
import type { Places } from '../capture/position.ts'
import { openCache } from '../db/cache.ts'
import type { DeviceRow } from '../db/devices.ts'
import { StorageFull } from '../db/errors.ts'
import { openOutbox } from '../db/outbox.ts'
import type { Along, Outbox } from '../db/outbox.ts'
import { newId, now } from '../ports.ts'
import { startEngine } from '../sync/engine.ts'
import type { Engine } from '../sync/engine.ts'
import type { Hint } from '../sync/live.ts'
import { createTransport } from '../sync/transport.ts'
import { createDrafts } from './drafts.ts'
import type { DraftDesk, DraftParts } from './drafts.ts'
import { plainFetch } from './enrol.ts'
import { createOps } from './ops.ts'
import { storageNow } from './phone.ts'

export interface Device {
  readonly row: DeviceRow
  readonly outbox: Outbox
  /** null: not enrolled, or signed out. */
  readonly engine: Engine | null
  readonly desk: DraftDesk
  readonly patrol: Patrolling
  readonly ops: ReturnType<typeof createOps>
  readonly fetch: (path: string, init?: RequestInit, timeoutMs?: number) => Promise<Response>
  state(): State | null
  submit(draft: Line, along?: Along): Promise<Saved>
  close(): Promise<void>
}

export interface Around {
  readonly app: string
  readonly places: Places
  here: DraftParts['here']
  find(id: Id): HsRecord | undefined
  onNotices(notices: readonly Notice[]): void
  onHint(hint: Hint): void
  onPatrol(): void
}

/** Submitting needs a person; drafts do not. */
class NotEnrolled extends Error {
  override readonly name = 'NotEnrolled'
}

export async function openDevice(row: DeviceRow, around: Around): Promise<Device> {
  const outbox = openOutbox(row.device)
  const engine = row.signedOut ? null : await engineOf(outbox, around)
  const state = () => engine?.state() ?? null
  const ops = createOps(state, around.find)

  async function submit(draft: Line, along: Along = {}): Promise<Saved> {
    if (!engine) throw new NotEnrolled('nobody has enrolled here')
    await point('before_line')
    const line = await withRoom(engine, () => engine.capture(draft, along))
    await point('after_line')
    const wall = 'entry' in line ? line.entry.at.wall : now()
    return { n: line.n, entry: line.id, hash: line.hash, wall }
  }

  const desk = await createDrafts({
    outbox,
    state,
    ...ops,
    find: around.find,
    here: around.here,
    capture: submit,
    makeRoom: async () => engine?.makeRoom(),
  })
  const stored = engine
    ? ((await outbox.get('patrol')) as unknown as Patrol | undefined)
    : undefined
  const patrol = patrolling(stored ?? null, around.places, {
    submit: (draft, along) => submit({ ...draft, id: newId() }, along),
    keep: (kept: JsonObject) => outbox.set({ patrol: kept }, 'relaxed'),
    put: (record, fields) => ops.opPut('patrol', record, fields),
    add: (record, set) => ops.opAdd('patrol', record, set),
    changed: around.onPatrol,
  })
  return {
    row,
    outbox,
    engine,
    desk,
    patrol,
    ops,
    fetch: (path, init, timeoutMs) =>
      engine ? engine.transport.fetch(path, init, timeoutMs) : plainFetch(path, init),
    state,
    submit,
    close: async () => {
      await desk.flush()
      await patrol.close()
      await engine?.close()
      outbox.close()
    },
  }
}

/** What went wrong with sending, as a code; null: nothing that a person would ask about. */
export function failureOf(notice: Notice): string | null {
  switch (notice.what) {
    case 'unauthenticated':
    case 'unknown_device':
    case 'store_failed':
      return notice.what
    case 'stopped':
      return notice.stop.why
    case 'rejected':
      return notice.code ?? `http_${notice.status}`
    default:
      return null
  }
}

const HEARD_EVERY_MS = 60_000

/** By so much that it is worth a write. */
export const isLater = (at: number | null, heardAt: number | null): boolean =>
  at !== null && Math.abs(at - (heardAt ?? 0)) > HEARD_EVERY_MS

export async function engineOf(
  outbox: Outbox,
  { app, onNotices, onHint }: Pick<Around, 'app' | 'onNotices' | 'onHint'>,
): Promise<Engine | null> {
  const [identity, token] = await Promise.all([outbox.get('identity'), outbox.get('token')])
  if (!identity) return null
  return startEngine({
    identity: { ...identity, app },
    outbox,
    openCache: () => openCache(outbox.device),
    transport: (cargo) =>
      createTransport(token ?? null, cargo, () => document.documentElement.lang),
    storage: storageNow,
    onNotices,
    onHint,
  })
}

async function withRoom<T>(engine: Engine, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error
    await engine.makeRoom()
    return write()
  }
}

/** What is on its way, as a share of what was to be sent when it began. */
export function createBatch() {
  let total = 0
  return (pending: number): Pick<Connection, 'done' | 'total'> => {
    total = pending === 0 ? 0 : Math.max(total, pending)
    return { done: total - pending, total }
  }
}
