// The rescue bundle: what no server has of the person in front, in one file (section 15). Reads only.

import type { Id, Sha256, State, StoredLine } from '@hushui/sync'
import type { RescueBundle } from '../app.ts'
import type { DeviceRow } from '../db/devices.ts'
import type { Kit } from './kit.ts'
import { aroundOf, newZip, type Packed } from './zip.ts'

/** `limits.RESCUE_BYTES`; that room belongs to the shell. */
export const BYTES_MAX = 1024 * 1_048_576
const FORMAT = { format: 'hushui-rescue', v: 1 } as const

interface Feed {
  readonly device: Id
  readonly state: State
  /** Of lines without a receipt, by n. */
  readonly unsent: ReadonlyMap<number, Id>
}

interface Photo {
  readonly sha256: Sha256
  readonly device: Id
  readonly size: number
  readonly type: string
  readonly here: boolean
}

export async function rescueBundle(
  kit: Kit,
  stateOf: (row: DeviceRow) => State | null | Promise<State | null>,
): Promise<RescueBundle> {
  const { row } = kit.current.inUse()
  const feeds = await feedsOf(kit, row, stateOf)
  const photos = photosOf(feeds)
  const here = photos.filter((it) => it.here)
  const packed = fitting(here, BYTES_MAX - reserved(feeds, photos))
  const bytes = packed.reduce((sum, { size }) => sum + size, 0) + lineBytes(feeds)
  const day = new Date(kit.now() - new Date(kit.now()).getTimezoneOffset() * 60_000)

  async function file(): Promise<Blob> {
    const zip = newZip()
    const runs = (await Promise.all(feeds.map((feed) => runsOf(kit, feed)))).flat()
    zip.add(json(aboutOf(kit, row, runs, photos, new Set(packed))))
    for (const { device, from, lines } of runs) {
      zip.add({ name: `feeds/${device}/${from}.ndjson`, bytes: ndjson(lines) })
    }
    // One after the other: together they may be more than the memory.
    for (const photo of packed) {
      const found = await bytesOf(kit, photo)
      if (found) zip.add({ name: `blobs/${photo.sha256}`, bytes: new Uint8Array(found) })
    }
    return zip.end()
  }

  return {
    lines: new Set(feeds.flatMap(({ unsent }) => [...unsent.values()])).size,
    photos: packed.length,
    bytes,
    gone: photos.length - here.length,
    over: here.length - packed.length,
    fileName: [row.orgName, row.name, day.toISOString().slice(0, 10)]
      .map((part) => part.replace(/[\\/:*?"<>|\s]+/g, '_'))
      .filter(Boolean)
      .join('-'),
    file,
  }
}

/** Feeds of the person that have lines or photos nobody received. */
async function feedsOf(
  { devices }: Kit,
  own: DeviceRow,
  stateOf: (row: DeviceRow) => State | null | Promise<State | null>,
): Promise<readonly Feed[]> {
  const rows = (await devices.list()).filter(
    (row) => row.device === own.device || (own.person !== '' && row.person === own.person),
  )
  const all: Feed[] = []
  for (const row of rows) {
    const state = await stateOf(row)
    if (!state) continue
    const open = [...state.lines.values()].filter((line) => line.receipt === null)
    all.push({ device: row.device, state, unsent: new Map(open.map(({ n, id }) => [n, id])) })
  }
  // After a fork the feed goes on elsewhere, and its lines went along (P05).
  return all.filter((feed) => {
    const others = all.filter((it) => it !== feed && it.device !== feed.device)
    const ids = new Set(
      others.flatMap(({ state }) => [...state.lines.values()].map(({ id }) => id)),
    )
    const isOld = rows.some((row) => row.device === feed.device && row.movedTo !== null)
    const wentAlong = isOld && [...feed.unsent.values()].every((id) => ids.has(id))
    return !wentAlong && (feed.unsent.size > 0 || pendingOf(feed.state).length > 0)
  })
}

/** Named by a line, and no server of this epoch has confirmed it. */
function pendingOf(state: State): readonly Sha256[] {
  const named = new Set([...state.lines.values()].flatMap(({ entry }) => [...entry.blobs]))
  return [...named].filter((sha256) => {
    const blob = state.blobs.get(sha256)
    return !blob || blob.receipt === null || blob.epoch !== state.meta.epoch
  })
}

function photosOf(feeds: readonly Feed[]): readonly Photo[] {
  const found = new Map<Sha256, Photo>()
  for (const { device, state } of feeds) {
    for (const sha256 of pendingOf(state)) {
      const blob = state.blobs.get(sha256)
      const here = blob?.bytes === 'here'
      const type = blob?.mime ?? ''
      if (here || !found.has(sha256)) {
        found.set(sha256, { sha256, device, size: blob?.size ?? 0, type, here })
      }
    }
  }
  return [...found.values()]
}

/** As many as there is room for, in the order in which they were taken. */
export function fitting(photos: readonly Photo[], room: number): readonly Photo[] {
  let left = room
  return photos.filter(({ sha256, size }) => {
    const needed = size + aroundOf(`blobs/${sha256}`)
    if (needed > left) return false
    left -= needed
    return true
  })
}

const lineBytes = (feeds: readonly Feed[]): number =>
  feeds
    .flatMap(({ state, unsent }) => [...state.lines.values()].filter(({ n }) => unsent.has(n)))
    .reduce((sum, { size }) => sum + size, 0)

/** What all but the photos may need at most. */
const reserved = (feeds: readonly Feed[], photos: readonly Photo[]): number =>
  1_048_576 +
  photos.length * 300 +
  feeds
    .flatMap(({ state }) => [...state.lines.values()])
    .reduce((sum, { size }) => sum + size + aroundOf('feeds/12345678901234567890123456/1'), 0)

interface Run {
  readonly device: Id
  readonly from: number
  readonly lines: readonly StoredLine[]
  readonly head: { readonly n: number; readonly hash: string }
}

/** From the first line without a receipt on, as they lie on the disk: each run is the body of a push. */
async function runsOf(kit: Kit, { device, state, unsent }: Feed): Promise<readonly Run[]> {
  if (unsent.size === 0) return []
  const first = Math.min(...unsent.keys())
  const lines = await reading(kit, device, (outbox) => outbox.lines(first))
  const last = lines.at(-1)
  const head = last && last.n > state.head.n ? { n: last.n, hash: last.hash } : state.head
  const runs: StoredLine[][] = []
  for (const line of lines) {
    const run = runs.at(-1)
    if (run?.at(-1)?.n === line.n - 1) run.push(line)
    else runs.push([line])
  }
  return runs.map((run) => ({ device, from: run[0]?.n ?? first, lines: run, head }))
}

function aboutOf(
  { now, version }: Kit,
  { orgId, orgName, person, name }: DeviceRow,
  runs: readonly Run[],
  photos: readonly Photo[],
  packed: ReadonlySet<Photo>,
) {
  return {
    ...FORMAT,
    ...{ made: now(), app: version, org: orgId, org_name: orgName, person, name },
    feeds: runs.map(({ device, from, lines, head: { n, hash } }) => ({
      ...{ device, from, lines: lines.length, head: { n, hash } },
    })),
    blobs: photos.map((photo) => ({
      ...{ sha256: photo.sha256, size: photo.size, type: photo.type, here: packed.has(photo) },
    })),
  }
}

const json = (value: object): Packed => ({
  name: 'bundle.json',
  bytes: new TextEncoder().encode(JSON.stringify(value)),
})

function ndjson(lines: readonly StoredLine[]): Uint8Array<ArrayBuffer> {
  const size = lines.reduce((sum, { bytes }) => sum + bytes.length + 1, 0)
  const body = new Uint8Array(size).fill(10)
  let at = 0
  for (const { bytes } of lines) {
    body.set(bytes, at)
    at += bytes.length + 1
  }
  return body
}

const bytesOf = (kit: Kit, { device, sha256 }: Photo): Promise<ArrayBuffer | undefined> =>
  reading(kit, device, (outbox) => outbox.bytes(sha256))

/** The outbox in use is open already. */
async function reading<T>(
  { current, openOutbox }: Kit,
  device: Id,
  read: (outbox: ReturnType<Kit['openOutbox']>) => Promise<T>,
): Promise<T> {
  const { row, outbox } = current.inUse()
  if (device === row.device) return read(outbox)
  const other = openOutbox(device)
  try {
    return await read(other)
  } finally {
    other.close()
  }
}
