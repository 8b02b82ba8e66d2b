// The device in use, and the list of all that this phone has known.

import { counts } from '@hushui/sync'
import type { Id, State } from '@hushui/sync'
import { shallowRef } from 'vue'
import type { Ref } from 'vue'
import { newRow } from '../db/devices.ts'
import type { DeviceRow, Devices } from '../db/devices.ts'
import type { Outbox } from '../db/outbox.ts'
import { newId } from '../ports.ts'
import type { Device } from './device.ts'
import type { DraftDesk } from './drafts.ts'

export interface Current {
  readonly device: Readonly<Ref<Device | null>>
  readonly rows: Readonly<Ref<readonly DeviceRow[]>>
  /** Throws while one is being changed for another. */
  inUse(): Device
  state(): State | null
  /** Closes the one in use and opens this one; a row is made where there is none. */
  use(id: Id): Promise<void>
  /**
   * After a fork: `leave` stops the outbox in use, and the feed goes on where that says. Same person,
   * same pages: open drafts come along. False: it could not, and goes on here.
   */
  move(leave: (old: Outbox) => Promise<unknown>): Promise<boolean>
  /** Resolves when nothing is moving. */
  settled(): Promise<void>
  /** Keeps the list true. */
  note(values: Partial<DeviceRow>): Promise<void>
  /** Everything noted is on the disk. */
  noted(): Promise<void>
  /** The list as it lies on the disk: other tabs and the sending for others write there too. */
  relist(): Promise<void>
  /** A device that belongs to nobody yet: the one there is, or a new one. */
  blank(): Promise<Id>
  /** The one to begin with. */
  first(): Promise<Id>
  close(): Promise<void>
}

export interface Changing {
  open(row: DeviceRow): Promise<Device>
  /** Where its feed goes on (P05). */
  goesOn(id: Id): Promise<Id>
  /** Between two devices: nothing of the last one stays. */
  between(id: Id): Promise<void>
  opened(row: DeviceRow): void
  nameOf(person: Id): string
}

export function createCurrent(devices: Devices, changing: Changing): Current {
  const device = shallowRef<Device | null>(null)
  const rows = shallowRef<readonly DeviceRow[]>([])
  let noting: Promise<void> = Promise.resolve()
  let moving: Promise<unknown> = Promise.resolve()

  const state = (): State | null => device.value?.state() ?? null

  function inUse(): Device {
    if (!device.value) throw new Error('no device is open')
    return device.value
  }

  async function use(id: Id): Promise<void> {
    await settled()
    const before = device.value
    // What is left unsent is counted on the disk before anybody else is in front.
    await note({})
    device.value = null
    await before?.close()
    await begin(await changing.goesOn(id))
  }

  async function begin(id: Id): Promise<void> {
    await changing.between(id)
    await devices.use(id)
    let list = await devices.list()
    if (!list.some((one) => one.device === id)) {
      await devices.put(newRow(id))
      list = await devices.list()
    }
    rows.value = list
    const row = list.find((one) => one.device === id) ?? newRow(id)
    device.value = await changing.open(row)
    changing.opened(row)
    void note({})
  }

  function move(leave: (old: Outbox) => Promise<unknown>): Promise<boolean> {
    const before = device.value
    const done = before ? moveFrom(before, leave) : Promise.resolve(false)
    moving = done.catch(() => undefined)
    return done
  }

  async function moveFrom(
    before: Device,
    leave: (old: Outbox) => Promise<unknown>,
  ): Promise<boolean> {
    const { device: id } = before.row
    let arrive!: (desk: DraftDesk | Promise<never>) => void
    const there = new Promise<DraftDesk>((resolve) => (arrive = resolve))
    try {
      await before.desk.moveTo(there)
      await before.close()
      await noting
      await leave(before.outbox).catch(() => undefined)
      await begin(await changing.goesOn(id))
      arrive(inUse().desk)
    } catch (error) {
      arrive(Promise.reject(error))
      throw error
    }
    return inUse().row.device !== id
  }

  const settled = (): Promise<void> => moving.then(() => undefined)

  function note(values: Partial<DeviceRow>): Promise<void> {
    const current = device.value
    const now = state()
    if (!current || !now) return Promise.resolve()
    const { lines, photos } = counts(now)
    const name = changing.nameOf(current.row.person) || current.row.name
    const next = { ...current.row, name, ...values, unsent: { lines, photos } }
    if (JSON.stringify(next) === JSON.stringify(current.row)) return noting
    device.value = { ...current, row: next }
    rows.value = rows.value.map((row) => (row.device === next.device ? next : row))
    const noted = { name, ...values, unsent: next.unsent }
    // A lock on the screen is one on the disk, whatever ends the page.
    const durability = values.pin ? 'strict' : 'relaxed'
    noting = noting
      .then(() => devices.change(next.device, noted, durability))
      .catch(() => undefined)
    return noting
  }

  async function relist(): Promise<void> {
    let list: DeviceRow[]
    let before: Promise<void>
    do {
      before = noting
      await before
      list = await devices.list()
      // What was noted meanwhile is newer than what was read.
    } while (before !== noting)
    const own = device.value
    const pin = list.find((row) => row.device === own?.row.device)?.pin ?? null
    if (own && JSON.stringify(pin) !== JSON.stringify(own.row.pin)) {
      device.value = { ...own, row: { ...own.row, pin } }
    }
    const held = device.value?.row
    const next = list.map((row) => (row.device === held?.device ? held : row))
    if (JSON.stringify(next) !== JSON.stringify(rows.value)) rows.value = next
  }

  async function blank(): Promise<Id> {
    const list = await devices.list()
    return list.find((row) => row.person === '' && row.account === '')?.device ?? newId()
  }

  async function first(): Promise<Id> {
    const [id, list] = await Promise.all([devices.current(), devices.list()])
    const row = list.find((one) => one.device === id)
    if (row?.movedTo) return row.movedTo
    if (row) return row.device
    const enrolled = list.find((one) => one.person !== '' && !one.signedOut && !one.movedTo)
    return enrolled?.device ?? blank()
  }

  return {
    device,
    rows,
    inUse,
    state,
    use,
    move,
    settled,
    note,
    noted: () => noting,
    relist,
    blank,
    first,
    close: async () => {
      await settled()
      await device.value?.close()
      await noting
    },
  }
}
