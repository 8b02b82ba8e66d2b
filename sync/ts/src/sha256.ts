// SHA-256 (FIPS 180-4), at once: a capture hashes inside its transaction, where nothing may be awaited
// (C02). A first pull hashes every row, so that a short message makes nothing anew but its hash.

/** Of messages up to 119 bytes. */
const short = new Uint8Array(128)
const words = new Int32Array(64)
const sums = new Int32Array(8)
const constants = new Int32Array(64)
const first = new Int32Array(8)

// 32 bits of the fractions of the roots of the first primes. None is so near to the next number that
// the last digits of a root count.
for (let prime = 2, i = 0; i < 64; prime++) {
  if (!isPrime(prime)) continue
  if (i < 8) first[i] = (prime ** (1 / 2) % 1) * 2 ** 32
  constants[i++] = (prime ** (1 / 3) % 1) * 2 ** 32
}

function isPrime(n: number): boolean {
  for (let by = 2; by * by <= n; by++) if (n % by === 0) return false
  return true
}

/** 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  const size = ((length + 72) >> 6) << 6
  const padded = size > short.length ? new Uint8Array(size) : short.fill(0)
  padded.set(bytes)
  padded[length] = 128
  for (let i = 1, bits = length * 8; bits > 0; i++) {
    padded[size - i] = bits
    bits = Math.floor(bits / 256)
  }
  sums.set(first)
  for (let at = 0; at < size; at += 64) addBlock(padded, at)
  const hash = new Uint8Array(32)
  for (let i = 0; i < 32; i++) hash[i] = sums[i >> 2]! >> (24 - 8 * (i & 3))
  return hash
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const turned = (x: number, by: number): number => (x >>> by) | (x << (32 - by))

function addBlock(padded: Uint8Array, at: number): void {
  for (let i = 0, j = at; i < 16; i++, j += 4) {
    words[i] = (padded[j]! << 24) | (padded[j + 1]! << 16) | (padded[j + 2]! << 8) | padded[j + 3]!
  }
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15]!
    const y = words[i - 2]!
    words[i] =
      words[i - 16]! +
      (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) +
      words[i - 7]! +
      (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10))
  }
  let a = sums[0]!
  let b = sums[1]!
  let c = sums[2]!
  let d = sums[3]!
  let e = sums[4]!
  let f = sums[5]!
  let g = sums[6]!
  let h = sums[7]!
  for (let i = 0; i < 64; i++) {
    const one =
      h +
      (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) +
      ((e & f) ^ (~e & g)) +
      constants[i]! +
      words[i]!
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  sums[0]! += a
  sums[1]! += b
  sums[2]! += c
  sums[3]! += d
  sums[4]! += e
  sums[5]! += f
  sums[6]! += g
  sums[7]! += h
}
