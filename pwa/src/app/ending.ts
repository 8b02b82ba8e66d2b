// Signed out at this desk, the server hears of it as soon as there is a way: until then the browser
// holds a cookie that no page can take away. It survives a closed browser.

import type { Devices } from '../db/devices.ts'
import { withTimeout } from '../sync/transport.ts'

const WAIT_MS = 10_000
const AGAIN_MS = 5_000
const AT_MOST_MS = 60_000

export interface Ending {
  /** Tells the server of whoever signed out here, now and again until it has heard. */
  begin(): void
  /** Runs a sign-in with nothing under way that could take its cookie away again. */
  quiet<T>(signIn: () => Promise<T>): Promise<T>
  close(): void
}

export function createEnding(devices: Pick<Devices, 'list' | 'change'>): Ending {
  let telling = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = AGAIN_MS
  let stops = 0

  async function tell(): Promise<void> {
    const over = (await devices.list()).filter((row) => row.ending)
    if (over.length === 0 || stops > 0) return
    if (!(await isHeard())) {
      if (stops === 0) timer = setTimeout(begin, wait)
      wait = Math.min(AT_MOST_MS, wait * 2)
      return
    }
    wait = AGAIN_MS
    for (const { device } of over) await devices.change(device, { ending: false }, 'strict')
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
      return await signIn()
    } finally {
      stops--
      // Signed in, the old session has ended on the server and nothing is left to tell.
      begin()
    }
  }

  window.addEventListener('online', begin)
  return {
    begin,
    quiet,
    close: () => {
      stops++
      clearTimeout(timer)
      window.removeEventListener('online', begin)
    },
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
