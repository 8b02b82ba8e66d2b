// Signed out at this desk, the server hears of it as soon as there is a way: until then the browser
// holds a cookie that no page can take away. It survives a closed browser. All tabs share the cookie, so
// signing in and telling of an end go one after the other over all of them.

import type { Id } from '@hushui/sync'
import type { DeviceRow, Devices } from '../db/devices.ts'
import { withTimeout } from '../sync/transport.ts'

const WAIT_MS = 10_000
const AGAIN_MS = 5_000
const AT_MOST_MS = 60_000

export interface Ending {
  /** Tells the server of whoever signed out here, now and again until it has heard. */
  begin(): void
  /** Runs a sign-in with nothing under way that could take its cookie away again. */
  quiet<T>(signIn: () => Promise<T>): Promise<T>
  /** Within `quiet`: the cookie is this device's now, and with it the sessions before have ended. */
  took(device: Id): Promise<void>
  close(): void
}

const COOKIE = 'hushui-cookie'

export function createEnding(devices: Pick<Devices, 'list' | 'change'>): Ending {
  let telling = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = AGAIN_MS
  let stops = 0

  const overNow = async () => (await devices.list()).filter((row) => row.ending)

  async function forget(rows: readonly { device: Id }[]): Promise<void> {
    for (const { device } of rows) await devices.change(device, { ending: false }, 'strict')
  }

  async function tell(): Promise<void> {
    // Asked again once it is alone: another tab may have told it, or somebody has signed in there.
    if ((await overNow()).length > 0) await alone(tellAlone)
  }

  async function tellAlone(): Promise<void> {
    const rows = await devices.list()
    const over = rows.filter((row) => row.ending)
    if (over.length === 0 || stops > 0) return
    if (!isHeldIn(rows) && !(await isHeard())) {
      if (stops === 0) timer = setTimeout(begin, wait)
      wait = Math.min(AT_MOST_MS, wait * 2)
      return
    }
    wait = AGAIN_MS
    await forget(over)
  }

  function begin(): void {
    clearTimeout(timer)
    telling = telling.then(tell).catch(() => undefined)
  }

  async function quiet<T>(signIn: () => Promise<T>): Promise<T> {
    stops++
    clearTimeout(timer)
    try {
      await telling
      return await alone(signIn)
    } finally {
      stops--
      // Signed in, the old session has ended on the server and nothing is left to tell.
      begin()
    }
  }

  async function took(device: Id): Promise<void> {
    try {
      // Where there is no room for the new one, the one before must not stand there.
      localStorage.removeItem(COOKIE)
      localStorage.setItem(COOKIE, device)
    } catch {
      // Whose it is, is not known then.
    }
    await forget(await overNow())
  }

  window.addEventListener('online', begin)
  return {
    begin,
    quiet,
    took,
    close: () => {
      stops++
      clearTimeout(timer)
      window.removeEventListener('online', begin)
    },
  }
}

/** One at a time over all tabs. Browsers without locks have each tab by itself. */
async function alone<T>(act: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { locks?: LockManager }
  return locks ? await locks.request('hushui-session', {}, act) : act()
}

/** Whose session the cookie is, is in now: also where the feed goes on under another device. */
function isHeldIn(rows: readonly DeviceRow[]): boolean {
  const rowOf = (device: Id | null) => rows.find((row) => row.device === device)
  let row = rowOf(cookieHolder())
  while (row?.movedTo) row = rowOf(row.movedTo)
  return row?.signedOut === false
}

/** null: not known. */
function cookieHolder(): Id | null {
  try {
    return localStorage.getItem(COOKIE)
  } catch {
    return null
  }
}

/** Ended, or ended before. Whatever else answers is not the server. */
async function isHeard(): Promise<boolean> {
  try {
    const signal = withTimeout(null, WAIT_MS)
    const words: RequestInit = { method: 'DELETE', credentials: 'same-origin', signal }
    return [204, 401].includes((await fetch('/api/session', words)).status)
  } catch {
    return false
  }
}
