// When the PIN is asked for. What it is, and whether it is right, comes with pin.ts.

import { computed } from 'vue'
import type { Ref } from 'vue'
import { now } from '../ports.ts'
import type { Current } from './current.ts'

export interface Lock {
  /** The pages of the person at the phone are not shown; everything else goes on. */
  readonly locked: Readonly<Ref<boolean>>
  /** From now on, where there is a PIN. */
  lockNow(): void
  /** Another device was taken up, the page shows again, or time went by. */
  look(): void
  /** The page goes out of sight. */
  leave(): void
}

const SEEN = 'hushui-seen'

export function createLock({ device, note }: Current): Lock {
  const pinNow = () => device.value?.row.pin ?? null

  function lockNow(): void {
    const pin = pinNow()
    if (pin && !pin.locked) void note({ pin: { ...pin, locked: true } })
  }

  function look(): void {
    if (isLate(pinNow()?.after ?? null, lastSeen(), now())) lockNow()
    leave()
  }

  function leave(): void {
    try {
      localStorage.setItem(SEEN, String(now()))
    } catch {
      // Without it the PIN is asked for at every start.
    }
  }

  return { locked: computed(() => pinNow()?.locked === true), lockNow, look, leave }
}

/** `after` in minutes; `seen` and `at` in ms. A clock that ran backwards tells nothing: asked for. */
export function isLate(after: number | null, seen: number | null, at: number): boolean {
  if (after === null) return false
  return seen === null || at - seen >= after * 60_000 || at < seen - 60_000
}

function lastSeen(): number | null {
  try {
    return Number(localStorage.getItem(SEEN)) || null
  } catch {
    return null
  }
}
