// After a fork (restored backup, cloned phone) the feed goes on under a new device (P05). Every step can
// be repeated: a kill between two of them costs nothing.

import { capture, reissue, START } from '@hushui/sync'
import type { Head, Id, Line, State, Stop } from '@hushui/sync'
import type { Devices } from '../db/devices.ts'
import { newRow } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import type { Outbox } from '../db/outbox.ts'
import { newId } from '../ports.ts'
import { enrolDevice } from './enrol.ts'

type Fork = Extract<Stop, { why: 'fork' }>

/** The device to go on as; everything that was on the old one is on it. */
export async function moveOn(old: Outbox, state: State, fork: Fork, devices: Devices): Promise<Id> {
  const device = (await old.get('successor')) ?? newId()
  await old.set({ successor: device })
  const next = openOutbox(device)
  try {
    await enrolDevice(next, { ticket: fork.ticket }, '')
    if (!(await next.get('head'))) await carryOver(old, next, state, fork.n)
  } finally {
    next.close()
  }
  const row = (await devices.list()).find((one) => one.device === old.device)
  await devices.put({ ...newRow(device), ...row, device, unknown: false })
  await devices.use(device)
  await devices.change(old.device, { movedTo: device })
  return device
}

async function carryOver(old: Outbox, next: Outbox, state: State, after: number): Promise<void> {
  const lines: Line[] = []
  let head: Head = START
  for (const { device, at, draft } of reissue(state, after, next.device)) {
    const line = capture(head, device, at, draft)
    lines.push(line)
    head = line
  }
  for (const sha256 of new Set(lines.flatMap((line) => line.entry.blobs))) {
    const bytes = await old.bytes(sha256)
    const type = state.blobs.get(sha256)?.mime ?? ''
    if (bytes) await next.adopt([], null, [{ sha256, type, bytes }])
  }
  const { drafts, photos } = await old.drafts()
  for (const draft of drafts) await next.saveDraft(draft)
  for (const photo of photos) {
    const bytes = await old.bytes(photo.sha256)
    if (bytes) await next.savePhoto(photo, { sha256: photo.sha256, type: 'image/jpeg', bytes })
  }
  const patrol = await old.get('patrol')
  if (patrol) await next.set({ patrol })
  // The lines last and all at once: their head says that everything is here.
  const stored = lines.map(({ n, hash, id, bytes }) => ({ n, hash, id, bytes }))
  const { contact } = (await next.get('identity')) ?? state.identity
  const { n, hash } = head
  await next.adopt(stored, { n, hash, contact, offset: state.meta.offset }, [])
}
