// Who uses this phone: one row for each device, that is each person. Their work lies in databases of
// their own; this is only the list.

import type { Id } from '@hushui/sync'
import type { DBSchema } from 'idb'
import { database } from './open.ts'

export interface DeviceRow {
  readonly device: Id
  /** '' until somebody enrolled it. */
  readonly person: Id
  readonly name: string
  readonly orgId: Id
  readonly orgName: string
  readonly demo: boolean
  /** Signed in with a password: the cookie instead of a token. */
  readonly office: boolean
  /** `org/login` of the office, so that the same person gets the same device again. */
  readonly account: string
  /** Not shown and not used until the person signs in again; what is unsent goes on being sent. */
  readonly signedOut: boolean
  readonly unsent: { readonly lines: number; readonly photos: number }
  /** The server did not know the token. */
  readonly unknown: boolean
  /** Its feed forked and goes on there. */
  readonly movedTo: Id | null
}

interface Schema extends DBSchema {
  devices: { key: Id; value: DeviceRow }
  settings: { key: 'current'; value: Id }
}

export interface Devices {
  list(): Promise<DeviceRow[]>
  current(): Promise<Id | undefined>
  use(device: Id): Promise<void>
  put(row: DeviceRow): Promise<void>
  /** Changes what is there; nothing where the device is not in the list. */
  change(device: Id, values: Partial<DeviceRow>): Promise<void>
  close(): void
}

export const DEVICES = 'hushui-devices'

export function openDevices(): Devices {
  const db = database<Schema>(DEVICES, 1, (upgrade) => {
    upgrade.createObjectStore('devices', { keyPath: 'device' })
    upgrade.createObjectStore('settings')
  })
  return {
    list: () => db.read(['devices'], (tx) => tx.objectStore('devices').getAll()),
    current: () => db.read(['settings'], (tx) => tx.objectStore('settings').get('current')),
    use: (device) =>
      db.write(['settings'], 'strict', async (tx) => {
        await tx.objectStore('settings').put(device, 'current')
      }),
    put: (row) =>
      db.write(['devices'], 'strict', async (tx) => {
        await tx.objectStore('devices').put(row)
      }),
    change: (device, values) =>
      db.write(['devices'], 'relaxed', async (tx) => {
        const row = await tx.objectStore('devices').get(device)
        if (row) await tx.objectStore('devices').put({ ...row, ...values })
      }),
    close: () => db.close(),
  }
}

export const newRow = (device: Id): DeviceRow => ({
  device,
  person: '',
  name: '',
  orgId: '',
  orgName: '',
  demo: false,
  office: false,
  account: '',
  signedOut: false,
  unsent: { lines: 0, photos: 0 },
  unknown: false,
  movedTo: null,
})
