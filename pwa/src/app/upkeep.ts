// What waits on this phone, for everybody; and the trial of the way to the server.

import type { State } from '@hushui/sync'
import type { Step, Upkeep, Waiting } from '../app.ts'
import type { DeviceRow } from '../db/devices.ts'
import type { Outbox } from '../db/outbox.ts'
import type { Kit } from './kit.ts'
import { runTrial } from './trial.ts'
import type { Trial } from './trial.ts'

const ASK_MS = 10_000
/** How often the numbers are looked at while something is sent. */
const LOOK_MS = 250

export function createUpkeep(kit: Kit): Upkeep {
  const { current, devices, now, pendingOf, plainFetch, storageNow, syncNow } = kit
  const { device, inUse } = current
  const isOwn = (row: DeviceRow) => row.device === device.value?.row.device

  async function waiting(): Promise<readonly Waiting[]> {
    await current.noted()
    const rows = (await devices.list()).filter(({ person, movedTo }) => person !== '' && !movedTo)
    const sorted = [...rows].sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
    return Promise.all(sorted.map(waitingOf))
  }

  async function waitingOf(row: DeviceRow): Promise<Waiting> {
    const own = isOwn(row) ? device.value : null
    const { device: id, name, heardAt, failure } = row
    const at = own?.engine?.contact().at ?? null
    const rest = { device: id, name, current: own !== null, failure }
    const state = own?.state() ?? (await stateOf(kit, row))
    if (!state) return { ...rest, ...row.unsent, bytes: 0, heardAt }
    const latest = Math.max(at ?? 0, heardAt ?? 0) || null
    return { ...rest, ...pendingOf(state), bytes: await bytesOf(kit, row, state), heardAt: latest }
  }

  const trial: Trial = {
    isOnline: () => navigator.onLine,
    now,
    ask: (path) => plainFetch(path, within(ASK_MS)),
    askAsOne: (path) => inUse().fetch(path, {}, ASK_MS),
    writeRead: () => writeRead(kit.randomBytes(SCRATCH_BYTES)),
    room: storageNow,
    unsent: () => {
      const state = current.state()
      return state ? pendingOf(state) : { lines: 0, photos: 0 }
    },
    syncNow,
    isClockOff: kit.isClockOff,
    changed: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, LOOK_MS))),
  }

  async function report(steps: readonly Step[]): Promise<string> {
    const own = device.value?.row
    const { persisted, usage, quota } = await storageNow()
    const lines = [
      `hushui ${kit.version}`,
      navigator.userAgent,
      `at ${new Date(now()).toISOString()}`,
      `device ${own?.device ?? '-'} person ${own?.person || '-'} org ${own?.orgId || '-'}`,
      `storage ${usage ?? '-'}/${quota ?? '-'} persisted ${persisted ?? '-'}`,
      `online ${navigator.onLine} worker ${'serviceWorker' in navigator && navigator.serviceWorker.controller !== null}`,
      ...(await waiting()).map(
        (it) =>
          `feed ${it.device} lines ${it.lines} photos ${it.photos} bytes ${it.bytes}` +
          ` heard ${iso(it.heardAt)} failed ${it.failure ? `${it.failure.code} ${iso(it.failure.at)}` : '-'}`,
      ),
      ...stateLines(current.state()),
      ...kit
        .surprisesKept()
        .map(({ at, times, page, what }) => `surprise ${iso(at)} x${times} ${page} ${what}`),
      ...steps.map(
        ({ name, answer, values }) =>
          `${name} ${answer}${Object.entries(values)
            .map(([key, value]) => ` ${key}=${value}`)
            .join('')}`,
      ),
    ]
    return lines.join('\n')
  }

  const own = () => import('./mine.ts').then((it) => it.ownData(kit))
  const rescue = () =>
    import('./rescue.ts').then((it) =>
      it.rescueBundle(kit, (row) => (isOwn(row) ? current.state() : stateOf(kit, row))),
    )
  return { waiting, own, rescue, report, tryOut: (told) => runTrial(trial, told) }
}

const iso = (at: number | null): string => (at === null ? '-' : new Date(at).toISOString())

function stateLines(state: State | null): readonly string[] {
  if (!state) return []
  const { head, lanes, push, meta, greeted } = state
  const failures = Object.entries(lanes).map(([name, lane]) => `${name}=${lane.failures}`)
  return [
    `head ${head.n} ${head.hash} epoch ${state.identity.epoch} offset ${meta.offset}`,
    `greeted ${greeted} stopped ${push.stopped?.why ?? '-'} failures ${failures.join(' ')}`,
  ]
}

/** Of somebody who is not at the phone, from the disk. */
async function stateOf(
  { openOutbox, openCache, load, blobsNow }: Kit,
  row: DeviceRow,
): Promise<State | null> {
  const outbox = openOutbox(row.device)
  const cache = await openCache(row.device)
  try {
    const identity = await outbox.get('identity')
    if (!identity) return null
    const [lines, blobs, cached] = await Promise.all([
      outbox.lines(1),
      outbox.blobs(),
      cache.load(),
    ])
    const loaded = load({ ...cached, identity: { ...identity, app: '' }, lines })
    return { ...loaded, blobs: blobsNow(loaded, blobs) }
  } finally {
    outbox.close()
    cache.close()
  }
}

/** Of lines without an answer, and of photos that the server has not confirmed. */
async function bytesOf({ openOutbox }: Kit, row: DeviceRow, state: State): Promise<number> {
  const unsent = [...state.lines.values()].filter((line) => line.receipt === null)
  const named = new Set([...state.lines.values()].flatMap(({ entry }) => [...entry.blobs]))
  const blobs = [...state.blobs.values()].filter(
    ({ sha256, receipt, bytes }) => named.has(sha256) && receipt === null && bytes === 'here',
  )
  const photos = blobs.reduce((sum, { size }) => sum + size, 0)
  const first = unsent[0]?.n
  if (first === undefined) return photos
  const outbox = openOutbox(row.device)
  try {
    return photos + (await lineBytes(outbox, new Set(unsent.map(({ n }) => n)), first))
  } finally {
    outbox.close()
  }
}

async function lineBytes(outbox: Outbox, unsent: ReadonlySet<number>, from: number) {
  const lines = await outbox.lines(from)
  return lines.reduce((sum, { n, bytes }) => sum + (unsent.has(n) ? bytes.length : 0), 0)
}

const SCRATCH = 'hushui-trial'
const SCRATCH_BYTES = 65_536

/** As a line is written: strictly, into a database of its own that goes away again. */
async function writeRead(bytes: Uint8Array): Promise<void> {
  const opening = indexedDB.open(SCRATCH, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('scratch')
  const db = await answered(opening)
  try {
    const writing = db.transaction('scratch', 'readwrite', { durability: 'strict' })
    writing.objectStore('scratch').put(bytes, 'bytes')
    await new Promise<void>((resolve, reject) => {
      writing.oncomplete = () => resolve()
      writing.onabort = () => reject(writing.error ?? new Error('not written'))
    })
    const reading = db.transaction('scratch').objectStore('scratch').get('bytes')
    const back = (await answered(reading)) as Uint8Array | undefined
    if (back?.length !== bytes.length || back.some((byte, i) => byte !== bytes[i])) {
      throw new Error('read back is not what was written')
    }
  } finally {
    db.close()
    await answered(indexedDB.deleteDatabase(SCRATCH)).catch(() => undefined)
  }
}

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no answer'))
  })

function within(ms: number): RequestInit {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ms)
  return { signal: controller.signal }
}
