// Lines of people who are not at the phone now: they go on being sent.

import type { Id } from '@hushui/sync'
import type { Devices } from '../db/devices.ts'
import { drain } from './device.ts'

export interface Drains {
  /** For everybody but the device in use. */
  begin(inUse: Id | undefined): Promise<void>
  /** This one is taken up again. */
  end(id: Id): Promise<void>
  close(): Promise<void>
}

export function createDrains(devices: Devices, app: string): Drains {
  const running = new Map<Id, { close(): Promise<void> }>()

  async function begin(inUse: Id | undefined): Promise<void> {
    for (const row of await devices.list()) {
      const { device: id, unsent, office } = row
      // What moved on is sent from where it went.
      const isOther = id !== inUse && row.person !== '' && row.movedTo === null
      // A cookie speaks for whoever signed in last.
      if (!isOther || office || running.has(id) || unsent.lines + unsent.photos === 0) continue
      const engine = await drain(row, app, () => {
        running.delete(id)
        void devices.change(id, { unsent: { lines: 0, photos: 0 } }).catch(() => undefined)
      })
      if (engine) running.set(id, engine)
    }
  }

  return {
    begin,
    end: async (id) => {
      await running.get(id)?.close()
      running.delete(id)
    },
    close: async () => {
      await Promise.all([...running.values()].map((one) => one.close()))
    },
  }
}
