// Who uses this phone: one row for each device, that is each person. Their work lies in databases of
// their own; this is only the list.

import type { Id } from '@hushui/sync'
import type { DBSchema } from 'idb'
import { database } from './open.ts'

/** What stands between a person's records and whoever picks the phone up. Not a key: nothing is encrypted. */
export interface StoredPin {
  /** Hex, of the salt and of what PBKDF2 made of salt and digits. */
  readonly salt: string
  readonly hash: string
  readonly rounds: number
  /** Asked for after so many minutes out of sight; null: only when people change. */
  readonly after: number | null
  /** Wrong ones since the last right one; before `until` (phone time, ms) none is taken. */
  readonly wrong: number
  readonly until: number
  /** It is being asked for, over a reload too. */
  readonly locked: boolean
}

/** Of the sending: a code of problem+json, of a trouble, or `offline`. */
interface Failure {
  readonly code: string
  /** Phone time, ms. */
  readonly at: number
}

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
  /** Signed out at the desk, and the server has not heard of it yet. */
  readonly ending: boolean
  readonly unsent: { readonly lines: number; readonly photos: number }
  /** The server did not know the token. */
  readonly unknown: boolean
  /** Its feed forked and goes on there. */
  readonly movedTo: Id | null
  readonly pin: StoredPin | null
  /** Phone time of the last answer of the server, to the minute or so; null: never yet. */
  readonly heardAt: number | null
  /** The last thing that went wrong with sending, also when it is over. */
  readonly failure: Failure | null
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
  change(device: Id, values: Partial<DeviceRow>, durability?: 'strict' | 'relaxed'): Promise<void>
  close(): void
}

const DEVICES = 'hushui-devices'

export function openDevices(): Devices {
  const db = database<Schema>(DEVICES, 1, (upgrade) => {
    upgrade.createObjectStore('devices', { keyPath: 'device' })
    upgrade.createObjectStore('settings')
  })
  return {
    list: async () => {
      const rows = await db.read(['devices'], (tx) => tx.objectStore('devices').getAll())
      // Written by an older app, a row lacks what came later.
      return rows.map((row) => ({ ...newRow(row.device), ...row }))
    },
    current: () => db.read(['settings'], (tx) => tx.objectStore('settings').get('current')),
    use: (device) =>
      db.write(['settings'], 'strict', async (tx) => {
        await tx.objectStore('settings').put(device, 'current')
      }),
    put: (row) =>
      db.write(['devices'], 'strict', async (tx) => {
        await tx.objectStore('devices').put(row)
      }),
    change: (device, values, durability = 'relaxed') =>
      db.write(['devices'], durability, async (tx) => {
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
  ending: false,
  unsent: { lines: 0, photos: 0 },
  unknown: false,
  movedTo: null,
  pin: null,
  heardAt: null,
  failure: null,
})
