// Time, randomness and keys enter the app here and nowhere else.

// First: the hashes of the core take Object.hasOwn when they load.
import './older.ts'
import { uuid7 } from '@hushui/sync'
import type { Id } from '@hushui/sync'

/** Phone time, ms since 1970 UTC; it can jump. */
export const now = (): number => Date.now()

/** Ms of this page's life; it never jumps. */
export const mono = (): number => performance.now()

export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}

export const newId = (): Id => uuid7(now(), randomBytes(10))

/** 0 … 1 */
export function jitter(): number {
  const [high = 0, low = 0] = randomBytes(2)
  return (high * 256 + low) / 65_535
}

let life: Id | undefined

/** The id of this life of the page (E08). */
export const boot = (): Id => (life ??= newId())

/** 64 hex digits. */
export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** PBKDF2 with SHA-256; `salt` and the answer in hex. */
export async function pinHash(digits: string, salt: string, rounds: number): Promise<string> {
  const { subtle } = crypto
  const bytes = new TextEncoder()
  const key = await subtle.importKey('raw', bytes.encode(digits), 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes.encode(salt), iterations: rounds }
  const made = new Uint8Array(await subtle.deriveBits(how, key, 256))
  return Array.from(made, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** For signing; the private half can leave this browser only where `extractable`. */
export function newKeyPair(extractable = false): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(P256, extractable, ['sign', 'verify'])
}

/** SPKI in base64, as enrolment wants it (N01). */
export async function publicKeyText(key: CryptoKey): Promise<string> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key))
  return btoa(String.fromCharCode(...spki))
}

export const privateKeyOut = (key: CryptoKey): Promise<JsonWebKey> =>
  crypto.subtle.exportKey('jwk', key)
