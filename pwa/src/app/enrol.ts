// How a device gets to belong to a person: by a code, a ticket, or a password. The id and the key are
// on the disk before the first request, so that repeating it is safe (N01).

import type { Id, Identity } from '@hushui/sync'
import { ApiProblem } from '../app.ts'
import type { Outbox, StoredKey } from '../db/outbox.ts'
import { newKeyPair, privateKeyOut, publicKeyText } from '../ports.ts'
import { withTimeout } from '../sync/transport.ts'
import { call } from './api.ts'

export interface Enrolment {
  readonly device: Id
  /** null: the session cookie takes its place. */
  readonly token: string | null
  readonly person: Id
  readonly org: Id
  readonly epoch: Id
  readonly contact: string
}

export async function enrolDevice(
  outbox: Outbox,
  presented: { readonly code: string } | { readonly ticket: string },
  label: string,
): Promise<Enrolment> {
  return ask(outbox, '/api/enrol', { ...presented, label: label.slice(0, 64) })
}

export interface Account {
  readonly org: string
  readonly login: string
  readonly password: string
  readonly new_password?: string
}

export async function signInDevice(outbox: Outbox, account: Account): Promise<Enrolment> {
  return ask(outbox, '/api/session', account)
}

async function ask(outbox: Outbox, path: string, words: object): Promise<Enrolment> {
  const { device } = outbox
  const key = await publicKeyOf(outbox)
  const answer = parse(await call(plainFetch, path, json({ ...words, device, key })))
  if (!answer || answer.device !== device) throw new ApiProblem(0, 'unknown', '')
  const { token, person, org, epoch, contact } = answer
  const held = await outbox.get('identity')
  // Enrolled again, a device keeps what it knew: its feed goes on.
  const identity: Omit<Identity, 'app'> = held ?? { device, person, org, epoch, contact }
  await outbox.set(token === null ? { identity } : { identity, token })
  return answer
}

const WAIT_MS = 30_000

/** Without any right: who asks has none yet. All other tabs wait for a sign-in, so it has an end. */
export const plainFetch = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(path, {
    ...{ ...init, credentials: 'same-origin', cache: 'no-store' },
    signal: withTimeout(init.signal ?? null, WAIT_MS),
  })

export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    'Accept-Language': document.documentElement.lang || 'zh-CN',
  },
  body: JSON.stringify(body),
})

async function publicKeyOf(outbox: Outbox): Promise<string> {
  const held = await outbox.get('key')
  if (held) return held.spki
  const pair = await newKeyPair()
  const key: StoredKey = { pair, spki: await publicKeyText(pair.publicKey) }
  try {
    await outbox.set({ key })
    return key.spki
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DataCloneError') throw error
    // WebKitGTK cannot store a CryptoKey: there the key is written out.
    const open = await newKeyPair(true)
    const spki = await publicKeyText(open.publicKey)
    await outbox.set({ key: { jwk: await privateKeyOut(open.privateKey), spki } })
    return spki
  }
}

function parse(body: unknown): Enrolment | undefined {
  const o = (body ?? {}) as Record<string, unknown>
  const { device, token, person, org, epoch, contact } = o
  const isText = [device, person, org, epoch, contact].every((one) => typeof one === 'string')
  if (!isText || !(token === null || typeof token === 'string')) return undefined
  return { device, token, person, org, epoch, contact } as Enrolment
}
