// Joining and signing in. It needs the server, so it is fetched when somebody does.

import type { Id } from '@hushui/sync'
import type { App, Enrolled, EnrolOutcome } from '../app.ts'
import type { DeviceRow } from '../db/devices.ts'
import type { Account, Enrolment } from './enrol.ts'
import type { Kit } from './kit.ts'

export type Joining = Pick<App, 'enrol' | 'signIn'>

interface Parts {
  session(): Enrolled
  /** Somebody has joined. */
  joined(): void
}

export function createJoining(kit: Kit, { session, joined }: Parts): Joining {
  const { current, devices, ending, openOutbox, newId, newRow, wordsOf } = kit
  const { enrolDevice, signInDevice, plainFetch } = kit

  async function enrolled(id: Id, { person, org }: Enrolment, values: Partial<DeviceRow>) {
    const row = (await devices.list()).find((one) => one.device === id) ?? newRow(id)
    const told = { person, orgId: org, signedOut: false, ending: false, unknown: false }
    await devices.put({ ...row, ...told, ...values })
    await current.use(id)
    joined()
    return { ok: true, session: session() } as const
  }

  async function enrol(code: string, label: string): Promise<EnrolOutcome> {
    const plain = code.replace(/\s/g, '')
    const presented = /^\d{8}$/.test(plain) ? { code: plain } : { ticket: plain }
    const here = current.inUse().row.device
    try {
      return await enrolAs(here, presented, label)
    } catch (error) {
      const words = wordsOf(error)
      if (words.code !== 'device_taken') return { ok: false, ...words }
    }
    // Somebody else's device is in front; the code is not used up (N01).
    try {
      return await enrolAs(newId(), presented, label)
    } catch (error) {
      return { ok: false, ...wordsOf(error) }
    }
  }

  async function enrolAs(id: Id, presented: { code: string } | { ticket: string }, label: string) {
    const outbox = openOutbox(id)
    try {
      const answer = await enrolDevice(outbox, presented, label)
      const own = await ownBefore(id, answer)
      // He is here already: one feed for each person, and the new device is nobody's again.
      if (own) await outbox.set({ identity: undefined, token: undefined })
      return await enrolled(own ?? id, answer, {})
    } finally {
      outbox.close()
    }
  }

  /** The device that this person has on this phone and that the server still hears. */
  async function ownBefore(id: Id, { person, org }: Enrolment): Promise<Id | null> {
    const own = (await devices.list()).find(
      (row) => row.person === person && row.orgId === org && !row.movedTo && !row.office,
    )
    if (!own || own.device === id || (await hasDrafts(id))) return null
    return (await isHeard(own.device)) ? own.device : null
  }

  const signIn: App['signIn'] = (...words) => ending.quiet(() => signInNow(...words))

  async function signInNow(
    org: string,
    login: string,
    password: string,
    newPassword?: string,
  ): Promise<EnrolOutcome> {
    const account = `${org}/${login}`
    const renewed = newPassword === undefined ? {} : { new_password: newPassword }
    const asked = { org, login, password, ...renewed }
    const own = (await devices.list()).find((row) => row.account === account && !row.movedTo)
    try {
      return await signInAs(own?.device ?? (await current.blank()), asked)
    } catch (error) {
      const words = wordsOf(error)
      if (words.code !== 'device_taken') return { ok: false, ...words }
    }
    try {
      return await signInAs(newId(), asked)
    } catch (error) {
      return { ok: false, ...wordsOf(error) }
    }
  }

  async function signInAs(id: Id, words: Account) {
    const outbox = openOutbox(id)
    try {
      const answer = await signInDevice(outbox, words)
      // Not before the answer: killed in between, the session before would never be ended. At worst,
      // where tabs have no locks, an end told meanwhile takes the new one, and one signs in again.
      await ending.took(id)
      return await enrolled(id, answer, { office: true, account: `${words.org}/${words.login}` })
    } finally {
      outbox.close()
    }
  }

  async function hasDrafts(id: Id): Promise<boolean> {
    const outbox = openOutbox(id)
    try {
      return (await outbox.drafts()).drafts.length > 0
    } finally {
      outbox.close()
    }
  }

  async function isHeard(id: Id): Promise<boolean> {
    const outbox = openOutbox(id)
    try {
      const token = await outbox.get('token')
      if (token === undefined) return false
      const headers = { Authorization: `Bearer ${token}` }
      return (await plainFetch('/api/orgs/me', { headers })).ok
    } catch {
      return false
    } finally {
      outbox.close()
    }
  }

  return { enrol, signIn }
}
