// What this phone holds about the person in front, from its own databases, and one file of it all.

import type { Id, JsonObject } from '@hushui/sync'
import type { HsRecord, OwnData } from '../app.ts'
import type { Outbox } from '../db/outbox.ts'
import type { Kit } from './kit.ts'
import { zipOf, type Packed } from './zip.ts'

export async function ownData(kit: Kit): Promise<OwnData> {
  const { current, devices, openOutbox } = kit
  const { row, outbox } = current.inUse()
  const rows = await devices.list()
  // A feed that moved on after a fork left its older lines where they were.
  const ids = rows.filter((it) => it.person === row.person || it.device === row.device)
  const parts = await Promise.all(
    ids.map(({ device }) =>
      withOutbox(device === row.device ? outbox : null, device, openOutbox, partOf),
    ),
  )
  const lines = parts.flatMap((it) => it.lines)
  const blobs = parts.flatMap((it) => it.blobs)
  const drafts = parts.flatMap((it) => it.drafts)

  async function bytesOf(blob: (typeof blobs)[number]): Promise<readonly Packed[]> {
    const read = (held: Outbox) => held.bytes(blob.sha256)
    const own = blob.device === row.device ? outbox : null
    const bytes = await withOutbox(own, blob.device, openOutbox, read)
    if (!bytes) return []
    return [{ name: nameOf(blob), bytes: new Uint8Array(bytes) }]
  }

  async function file(about: JsonObject, records: readonly HsRecord[]): Promise<Blob> {
    const files = [
      json('about.json', about),
      json('records.json', records.map(plain)),
      json('consents.json', records.filter(({ kind }) => kind === 'consent').map(plain)),
      json('drafts.json', drafts),
      json(
        'lines.json',
        lines.map(({ device, n, id, hash }) => ({ device, n, id, hash })),
      ),
      // As they were captured: their hashes are those of these bytes.
      ...lines.map(({ device, n, bytes }) => ({
        name: `lines/${device}-${String(n).padStart(6, '0')}.json`,
        bytes: new Uint8Array(bytes),
      })),
      ...(patrol ? [json('patrol.json', patrol)] : []),
    ]
    const held = new Map<string, Packed>(files.map((it) => [it.name, it]))
    // One after the other: they may be large.
    for (const blob of blobs) {
      for (const it of await bytesOf(blob)) held.set(it.name, it)
    }
    return zipOf([...held.values()])
  }

  const patrol = parts.map((it) => it.patrol).find((it) => it !== null) ?? null
  return { devices: ids.map(({ device }) => device), lines, drafts, blobs, patrol, file }
}

function nameOf({ sha256, type }: { readonly sha256: string; readonly type: string }): string {
  if (type.startsWith('video/')) return `videos/${sha256}.${type.slice('video/'.length)}`
  return type.startsWith('image/') ? `photos/${sha256}.jpg` : `tracks/${sha256}.json`
}

async function withOutbox<T>(
  held: Outbox | null,
  device: Id,
  open: Kit['openOutbox'],
  read: (outbox: Outbox) => Promise<T>,
): Promise<T> {
  const outbox = held ?? open(device)
  try {
    return await read(outbox)
  } finally {
    if (!held) outbox.close()
  }
}

async function partOf(outbox: Outbox) {
  const { device } = outbox
  const [lines, blobs, { drafts, photos }, patrol] = await Promise.all([
    outbox.lines(1),
    outbox.blobs(),
    outbox.drafts(),
    outbox.get('patrol'),
  ])
  return {
    lines: lines.map((line) => ({ device, ...line })),
    blobs: blobs.map((blob) => ({ device, ...blob })),
    drafts: drafts.map((draft) => ({
      ...draft,
      photos: photos.filter((photo) => photo.draft === draft.id),
    })) as unknown as JsonObject[],
    patrol: patrol ?? null,
  }
}

const plain = ({
  id,
  kind,
  number,
  author,
  device,
  captured,
  version,
  deleted,
  ...it
}: HsRecord) => ({
  ...{ id, kind, number, author, device, captured, version, deleted },
  ...{ fields: it.fields, adds: it.adds, flags: it.flags, review: it.review },
})

const json = (name: string, value: unknown): Packed => ({
  name,
  bytes: new TextEncoder().encode(JSON.stringify(value, null, 2)),
})
