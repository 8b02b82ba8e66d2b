import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hex, sha256 } from '../src/sha256.ts'

const theirs = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Bytes that repeat nowhere soon. */
const bytesOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 13 + length) & 255)

test('C01 a hash is that of the standard, whatever the length', () => {
  for (let length = 0; length < 400; length++) {
    const bytes = bytesOf(length)
    expect(hex(sha256(bytes)), String(length)).toBe(theirs(bytes))
  }
  for (const length of [65_535, 65_536, 1_048_576]) {
    const bytes = bytesOf(length % 1000)
    const long = new Uint8Array(length).fill(7)
    long.set(bytes)
    expect(hex(sha256(long)), String(length)).toBe(theirs(long))
  }
})

test('C01 no hash shares its bytes with the next one', () => {
  const one = sha256(bytesOf(3))
  const before = hex(one)
  sha256(bytesOf(4))
  expect(hex(one)).toBe(before)
})
