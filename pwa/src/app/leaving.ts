// Leaving, and another person taking the phone: both work without signal.

import type { Id } from '@hushui/sync'
import type { App } from '../app.ts'
import type { Devices } from '../db/devices.ts'
import type { Current } from './current.ts'
import type { Ending } from './ending.ts'

type Leaving = Pick<App, 'signOut' | 'switchTo' | 'addPerson'>

/** `left`: nobody, or another person, is at the phone now. */
export function createLeaving(
  current: Current,
  devices: Devices,
  ending: Ending,
  left: () => void,
): Leaving {
  async function signOut(): Promise<void> {
    const { device, office } = current.inUse().row
    const left = { signedOut: true, ending: office }
    await current.note(left)
    await current.noted()
    // On the disk before anybody else is in front; `note` alone may be lost with the power.
    await devices.change(device, left, 'strict')
    ending.begin()
    await addPerson()
  }

  async function switchTo(id: Id): Promise<void> {
    const pin = (await devices.list()).find((row) => row.device === id)?.pin ?? null
    const asked = pin ? { pin: { ...pin, locked: true } } : {}
    await devices.change(id, { signedOut: false, ...asked }, 'strict')
    await current.use(id)
    left()
  }

  async function addPerson(): Promise<void> {
    await current.use(await current.blank())
    left()
  }

  return { signOut, switchTo, addPerson }
}
