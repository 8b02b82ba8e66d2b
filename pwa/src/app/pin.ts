// The PIN of one person: kept as salt and hash, and slower with every wrong try. It keeps people from
// leafing through records in passing; who has the phone's disk has the records.

import type { Id } from '@hushui/sync'
import type { PinDesk } from '../app.ts'
import type { StoredPin } from '../db/devices.ts'
import type { Kit } from './kit.ts'

const ROUNDS = 100_000
const SALT_BYTES = 16
const AFTER_MIN = 15
const WAIT_MS_MAX = 60_000

export const isPin = (digits: string): boolean => /^\d{4,6}$/.test(digits)

/** After so many wrong ones: 1, 2, 4 … 60 s. */
export const waitAfter = (wrong: number): number =>
  wrong === 0 ? 0 : Math.min(WAIT_MS_MAX, 1000 * 2 ** Math.min(wrong - 1, 10))

/** Ms until the next try is taken; a clock put back makes nobody wait longer than that. */
export const waitMs = ({ wrong, until }: StoredPin, at: number): number =>
  Math.max(0, Math.min(until - at, waitAfter(wrong)))

export function createPin(kit: Kit): PinDesk {
  const { computed, current, devices, now, pinHash, randomBytes } = kit
  const { device, relist } = current
  const stored = () => device.value?.row.pin ?? null

  async function keep(id: Id, pin: StoredPin | null): Promise<void> {
    await current.noted()
    await devices.change(id, { pin }, 'strict')
    await relist()
  }

  function inUse(): Id {
    return current.inUse().row.device
  }

  /** One at a time: two tries at once would be one wait. */
  let checking: Promise<unknown> = Promise.resolve()
  function check(digits: string): Promise<number> {
    const done = checking.then(() => tryOne(digits))
    checking = done.catch(() => undefined)
    return done
  }

  /** 0: it is right; else the ms to wait. Counted before it is looked at: a kill saves nobody the wait. */
  async function tryOne(digits: string): Promise<number> {
    await relist()
    const id = inUse()
    const pin = stored()
    if (!pin) return 0
    const wait = waitMs(pin, now())
    if (wait > 0) return wait
    const wrong = pin.wrong + 1
    const counted = { ...pin, wrong, until: now() + waitAfter(wrong) }
    await keep(id, counted)
    if ((await pinHash(digits, pin.salt, pin.rounds)) !== pin.hash) return waitMs(counted, now())
    await keep(id, { ...counted, wrong: 0, until: 0, locked: false })
    return 0
  }

  return {
    pin: computed(() => {
      const pin = stored()
      const wait = pin ? waitMs(pin, now()) : 0
      return pin && { after: pin.after, until: wait > 0 ? now() + wait : 0 }
    }),
    check,
    set: async (digits) => {
      if (!isPin(digits)) throw new Error('a PIN has 4 to 6 digits')
      const salt = hex(randomBytes(SALT_BYTES))
      const hash = await pinHash(digits, salt, ROUNDS)
      const after = stored()?.after
      const rest = { after: after === undefined ? AFTER_MIN : after, wrong: 0, until: 0 }
      await keep(inUse(), { salt, hash, rounds: ROUNDS, ...rest, locked: false })
    },
    setAfter: async (after) => {
      const pin = stored()
      if (pin) await keep(inUse(), { ...pin, after })
    },
    remove: () => keep(inUse(), null),
    reset: async (code) => {
      const id = inUse()
      try {
        await kit.call(kit.plainFetch, '/api/pin-reset', kit.json({ code, device: id }))
      } catch (error) {
        return { ok: false, ...kit.wordsOf(error) }
      }
      await keep(id, null)
      return { ok: true }
    },
  }
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
