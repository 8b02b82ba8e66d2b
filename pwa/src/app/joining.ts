// Joining, signing in, leaving, and another person taking the phone.

import type { Id } from '@hushui/sync'
import type { App, Enrolled, EnrolOutcome } from '../app.ts'
import { newRow } from '../db/devices.ts'
import type { DeviceRow, Devices } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import { newId } from '../ports.ts'
import { wordsOf } from './api.ts'
import type { Current } from './current.ts'
import { enrolDevice, signInDevice } from './enrol.ts'
import type { Enrolment } from './enrol.ts'

type Joining = Pick<App, 'enrol' | 'signIn' | 'signOut' | 'switchTo' | 'addPerson'>

interface Parts {
  readonly current: Current
  readonly devices: Devices
  session(): Enrolled
  /** Somebody has joined. */
  joined(): void
  /** Nobody, or another person, is at the phone now. */
  left(): void
}

export function createJoining({ current, devices, session, joined, left }: Parts): Joining {
  async function enrolled(id: Id, { person, org }: Enrolment, values: Partial<DeviceRow>) {
    const row = (await devices.list()).find((one) => one.device === id) ?? newRow(id)
    const told = { person, orgId: org, signedOut: false, unknown: false }
    await devices.put({ ...row, ...told, ...values })
    await current.use(id)
    joined()
    return { ok: true, session: session() } as const
  }

  async function enrol(code: string, label: string): Promise<EnrolOutcome> {
    const plain = code.replace(/\s/g, '')
    const presented = /^\d{8}$/.test(plain) ? { code: plain } : { ticket: plain }
    try {
      const { outbox, row } = current.inUse()
      return await enrolled(row.device, await enrolDevice(outbox, presented, label), {})
    } catch (error) {
      return { ok: false, ...wordsOf(error) }
    }
  }

  async function signIn(org: string, login: string, password: string): Promise<EnrolOutcome> {
    const account = `${org}/${login}`
    const own = (await devices.list()).find((row) => row.account === account && !row.movedTo)
    try {
      return await signInAs(own?.device ?? (await current.blank()), { org, login, password })
    } catch (error) {
      const words = wordsOf(error)
      if (words.code !== 'device_taken') return { ok: false, ...words }
    }
    try {
      return await signInAs(newId(), { org, login, password })
    } catch (error) {
      return { ok: false, ...wordsOf(error) }
    }
  }

  async function signInAs(id: Id, words: { org: string; login: string; password: string }) {
    const outbox = openOutbox(id)
    try {
      const answer = await signInDevice(outbox, words)
      return await enrolled(id, answer, { office: true, account: `${words.org}/${words.login}` })
    } finally {
      outbox.close()
    }
  }

  async function signOut(): Promise<void> {
    const { row, fetch } = current.inUse()
    if (row.office) await fetch('/api/session', { method: 'DELETE' }).catch(() => undefined)
    await current.note({ signedOut: true })
    await current.noted()
    await addPerson()
  }

  async function switchTo(id: Id): Promise<void> {
    await devices.change(id, { signedOut: false })
    await current.use(id)
    left()
  }

  async function addPerson(): Promise<void> {
    await current.use(await current.blank())
    left()
  }

  return { enrol, signIn, signOut, switchTo, addPerson }
}
