// An id is a UUIDv7 as 26 base-32 digits: text order is time order, and a person can read it out.

export type Id = string

const DIGITS = '0123456789abcdefghijklmnopqrstuv'
const SHAPE = /^[0-7][0-9a-v]{25}$/

export function isId(value: unknown): value is Id {
  return typeof value === 'string' && SHAPE.test(value)
}

/** 128-bit number → 26 digits. */
export function toText(number: bigint): Id {
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) {
    text += DIGITS.charAt(Number((number >> shift) & 31n))
  }
  return text
}

/** 26 digits → 128-bit number; RangeError for anything else. */
export function toNumber(id: Id): bigint {
  if (!isId(id)) throw new RangeError(`not an id: ${JSON.stringify(id)}`)
  let number = 0n
  for (const digit of id) number = (number << 5n) | BigInt(DIGITS.indexOf(digit))
  return number
}

/** The id minted at `wallMs` (48 bits kept) from 10 random bytes (RFC 9562, 5.7). */
export function uuid7(wallMs: number, random: Uint8Array): Id {
  if (random.length < 10) throw new RangeError(`uuid7 needs 10 random bytes, not ${random.length}`)
  let bits = 0n
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte)
  const milliseconds = BigInt.asUintN(48, BigInt(Math.trunc(wallMs)))
  const randA = bits >> 68n
  const randB = BigInt.asUintN(62, bits)
  return toText((milliseconds << 80n) | (7n << 76n) | (randA << 64n) | (2n << 62n) | randB)
}
