// Why nothing can be sent: one question after the other, each really asked, each with its answer.

import type { Step } from '../app.ts'

/** The phone as the trial sees it. */
export interface Trial {
  isOnline(): boolean
  now(): number
  /** Without any right; rejects without an answer. */
  ask(path: string): Promise<Response>
  /** With this device's right. */
  askAsOne(path: string): Promise<Response>
  /** Really writes and reads; rejects where it cannot. */
  writeRead(): Promise<void>
  room(): Promise<{ readonly usage: number | null; readonly quota: number | null }>
  unsent(): { readonly lines: number; readonly photos: number }
  syncNow(): void
  /** So far ahead (ms) that a person is told. */
  isClockOff(offset: number): boolean
  /** Resolves when the numbers should be looked at again, after so many ms at most. */
  changed(ms: number): Promise<void>
}

const SEND_MS = 8000
/** Less than this, and a few photos fill it. */
const ROOM_BYTES = 50 * 1_048_576

export async function runTrial(
  trial: Trial,
  told: (steps: readonly Step[]) => void,
): Promise<readonly Step[]> {
  const steps: Step[] = []
  const say = (...found: readonly Step[]) => {
    steps.push(...found)
    told([...steps])
  }
  say(network(trial))
  const reached = await server(trial)
  say(reached.step)
  if (reached.step.tone === 'ok') {
    say(await signedIn(trial))
    if (reached.off !== null) say(clock(trial, reached.off))
  }
  say(await storage(trial))
  // Without the server there is nothing to send to: that has been said.
  if (reached.step.tone === 'ok') say(await send(trial))
  return steps
}

const step = (
  name: Step['name'],
  tone: Step['tone'],
  answer: string,
  values: Step['values'] = {},
): Step => ({ name, tone, answer, values })

const network = (trial: Trial): Step =>
  trial.isOnline() ? step('network', 'ok', 'on') : step('network', 'bad', 'off')

/** `off`: how far this phone's clock is ahead, ms; null: the answer did not say. */
async function server(trial: Trial): Promise<{ readonly step: Step; readonly off: number | null }> {
  const from = trial.now()
  let answer: Response
  try {
    answer = await trial.ask('/api/health')
  } catch {
    return { step: step('server', 'bad', 'silent'), off: null }
  }
  const ms = Math.max(0, trial.now() - from)
  const type = answer.headers.get('content-type') ?? ''
  // A hotel's sign-in page answers everything, and in HTML.
  if (!answer.ok || !type.includes('json')) {
    return { step: step('server', 'bad', 'stranger', { status: answer.status }), off: null }
  }
  const date = Date.parse(answer.headers.get('date') ?? '')
  const off = Number.isNaN(date) ? null : from + ms / 2 - date
  return { step: step('server', 'ok', 'reached', { ms }), off }
}

async function signedIn(trial: Trial): Promise<Step> {
  try {
    const answer = await trial.askAsOne('/api/orgs/me')
    if (answer.ok) return step('signed_in', 'ok', 'known')
    const { code } = (await answer.json().catch(() => ({}))) as { code?: unknown }
    if (code === 'device_revoked') return step('signed_in', 'bad', 'revoked')
    if (answer.status === 401) return step('signed_in', 'bad', 'unknown')
    return step('signed_in', 'bad', 'refused', { status: answer.status })
  } catch {
    return step('signed_in', 'bad', 'silent')
  }
}

function clock({ isClockOff }: Trial, off: number): Step {
  const minutes = Math.round(Math.abs(off) / 60_000)
  if (!isClockOff(off)) return step('clock', 'ok', 'right')
  return step('clock', 'careful', off > 0 ? 'fast' : 'slow', { minutes })
}

async function storage(trial: Trial): Promise<Step> {
  try {
    await trial.writeRead()
  } catch {
    return step('storage', 'bad', 'cannot')
  }
  const { usage, quota } = await trial.room()
  if (usage === null || quota === null) return step('storage', 'ok', 'writes')
  const bytes = Math.max(0, quota - usage)
  return bytes < ROOM_BYTES
    ? step('storage', 'careful', 'tight', { bytes })
    : step('storage', 'ok', 'room', { bytes })
}

async function send(trial: Trial): Promise<Step> {
  const sum = () => {
    const { lines, photos } = trial.unsent()
    return lines + photos
  }
  const before = sum()
  if (before === 0) return step('send', 'ok', 'nothing')
  trial.syncNow()
  const end = trial.now() + SEND_MS
  while (sum() > 0 && trial.now() < end) await trial.changed(end - trial.now())
  const left = sum()
  if (left === 0) return step('send', 'ok', 'all')
  return left < before
    ? step('send', 'careful', 'some', { ...trial.unsent() })
    : step('send', 'bad', 'stuck', { ...trial.unsent() })
}
