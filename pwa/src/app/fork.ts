// After a fork (restored backup, cloned phone) the feed goes on under a new device (P05). Enrolling
// waits for the network while people go on writing; then the old outbox takes nothing more, and all
// that lies in it goes along. Every step can be repeated: a kill between two of them costs nothing.

import { load, reissue } from '@hushui/sync'
import type { Id, Stop } from '@hushui/sync'
import type { Devices } from '../db/devices.ts'
import { newRow } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import type { Outbox } from '../db/outbox.ts'
import { newId } from '../ports.ts'
import { enrolDevice } from './enrol.ts'

type Fork = Extract<Stop, { why: 'fork' }>

/** The device to go on as; nothing has moved yet but photos, which take long. */
export async function enrolNext(old: Outbox, fork: Fork): Promise<Id> {
  const device = (await old.get('successor')) ?? newId()
  await old.set({ successor: device })
  const next = openOutbox(device)
  try {
    await enrolDevice(next, { ticket: fork.ticket }, '')
    await carryBytes(old, next, await linesAfter(old, fork.n, device))
  } finally {
    next.close()
  }
  return device
}

/** Where this device's feed goes on: here, or where it began to move. */
export async function goesOn(device: Id, devices: Devices): Promise<Id> {
  const old = openOutbox(device)
  try {
    const moved = await old.get('moved')
    if (!moved) return device
    if (!moved.done) {
      const next = openOutbox(moved.to)
      try {
        await carryOver(old, next, moved.after)
      } finally {
        next.close()
      }
      await old.set({ moved: { ...moved, done: true } })
    }
    await list(device, moved.to, devices)
    return await goesOn(moved.to, devices)
  } finally {
    old.close()
  }
}

/** There was no room to move: people go on writing where they were. */
export async function stay(device: Id): Promise<void> {
  const old = openOutbox(device)
  try {
    if ((await old.get('moved'))?.done === false) await old.set({ moved: undefined })
  } finally {
    old.close()
  }
}

async function list(device: Id, next: Id, devices: Devices): Promise<void> {
  const rows = await devices.list()
  const row = rows.find((one) => one.device === device)
  if (!rows.some((one) => one.device === next)) {
    await devices.put({ ...newRow(next), ...row, device: next, unknown: false, movedTo: null })
  }
  await devices.change(device, { movedTo: next, unsent: { lines: 0, photos: 0 } })
}

/** Whatever the next outbox does not hold yet. */
async function carryOver(old: Outbox, next: Outbox, after: number): Promise<void> {
  const lines = await linesAfter(old, after, next.device)
  await carryBytes(old, next, lines)
  await carryDrafts(old, next)
  const patrol = await old.get('patrol')
  if (patrol && !(await next.get('head'))) await next.set({ patrol })
  await next.adopt(lines)
}

type Lines = ReturnType<typeof reissue>

/** From the disk: what another tab wrote is in no other memory. */
async function linesAfter(old: Outbox, after: number, device: Id): Promise<Lines> {
  const identity = await old.get('identity')
  if (!identity) return []
  const none = { receipts: [], rows: [], members: [], cursors: [], blobs: [], meta: {} }
  const lines = await old.lines(after + 1)
  return reissue(load({ identity: { ...identity, app: '' }, lines, ...none }), after, device)
}

async function carryBytes(old: Outbox, next: Outbox, lines: Lines): Promise<void> {
  const named = [...new Set(lines.flatMap(({ draft }) => draft.blobs))]
  const there = new Set((await next.describe(named)).flatMap((it) => (it.here ? it.sha256 : [])))
  for (const { sha256, type } of await old.describe(named)) {
    const bytes = there.has(sha256) ? undefined : await old.bytes(sha256)
    if (bytes) await next.adoptBlob({ sha256, type, bytes })
  }
}

async function carryDrafts(old: Outbox, next: Outbox): Promise<void> {
  const [from, there] = await Promise.all([old.drafts(), next.drafts()])
  const sent = new Set((await next.lines(1)).map(({ id }) => id))
  const savedAt = new Map(there.drafts.map((draft) => [draft.id, draft.savedAt]))
  for (const draft of from.drafts) {
    const isNewer = draft.savedAt > (savedAt.get(draft.id) ?? -Infinity)
    if (isNewer && !sent.has(draft.id)) await next.saveDraft(draft)
  }
  const held = new Set(there.photos.map(({ id }) => id))
  for (const photo of from.photos) {
    if (held.has(photo.id) || sent.has(photo.draft)) continue
    const bytes = await old.bytes(photo.sha256)
    const [described] = await old.describe([photo.sha256])
    const type = described?.type ?? 'image/jpeg'
    if (bytes) await next.savePhoto(photo, { sha256: photo.sha256, type, bytes })
  }
}
