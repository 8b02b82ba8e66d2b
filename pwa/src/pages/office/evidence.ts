// What the evidence page can check by itself, from the bytes that lie before it.

import { FIRST_PREV, isClockOff, type Hash, type Sha256 } from '@hushui/sync'
import { bytesOf, hashOf } from './hash.ts'
import { APART_M_MAX } from './placeCheck.ts'
import type { NamedPhoto, HistoryLine } from './wire.ts'

export type Result = 'ok' | 'bad' | 'open'

/** `what`: key of the words `office.evidence`. */
export interface Check {
  readonly what: 'hashes' | 'chain' | 'receipts' | 'photos' | 'place' | 'clock'
  readonly result: Result
  /** So many of so many. */
  readonly of?: readonly [n: number, total: number]
  /** Joins of the chain that were found right. */
  readonly joined?: number
  readonly metres?: number
}

export interface Found {
  readonly lines: readonly HistoryLine[]
  readonly photos: readonly Pick<NamedPhoto, 'sha256'>[]
  /** Photos that were fetched and hashed here: do they agree with their name? */
  readonly agrees: ReadonlyMap<Sha256, boolean>
  /** Metres between the chainage written and the one measured; null: nothing to measure. */
  readonly apart: number | null
  /** The phone's clock at the first line, ms against the office's. */
  readonly offset: number | null
}

export function checksOf(found: Found): readonly Check[] {
  const { apart, offset } = found
  return [
    hashesOf(found),
    chainOf(found),
    receiptsOf(found),
    ...(found.photos.length > 0 ? [photosOf(found)] : []),
    ...(apart === null ? [] : [placeOf(Math.round(apart))]),
    ...(offset === null ? [] : [clockOf(offset)]),
  ]
}

function hashesOf({ lines }: Found): Check {
  const known = lines.filter((line) => line.line !== null).length
  const result = known === lines.length ? 'ok' : 'open'
  return { what: 'hashes', result, of: [known, lines.length] }
}

function chainOf({ lines }: Found): Check {
  const joined = joinsOf(lines)
  const all = lines.map((line) => joined(line))
  if (all.includes(false)) return { what: 'chain', result: 'bad' }
  const n = all.filter(Boolean).length
  return { what: 'chain', result: n > 0 ? 'ok' : 'open', joined: n }
}

const receiptsOf = ({ lines }: Found): Check => ({
  what: 'receipts',
  result: lines.every((line) => line.receipts.length > 0) ? 'ok' : 'bad',
})

function photosOf({ photos, agrees }: Found): Check {
  const n = photos.filter(({ sha256 }) => agrees.get(sha256) === true).length
  const isBad = photos.some(({ sha256 }) => agrees.get(sha256) === false)
  const result = isBad ? 'bad' : n === photos.length ? 'ok' : 'open'
  return { what: 'photos', result, of: [n, photos.length] }
}

const placeOf = (metres: number): Check => ({
  ...{ what: 'place', metres },
  result: metres <= APART_M_MAX ? 'ok' : 'bad',
})

const clockOf = (offset: number): Check => ({
  what: 'clock',
  result: isClockOff(offset) ? 'bad' : 'ok',
})

/**
 * Does the line's `prev` name the line before it? null: that one is not on this page, or the line
 * cannot be read.
 */
export function joinsOf(lines: readonly HistoryLine[]): (line: HistoryLine) => boolean | null {
  const place = (device: string, n: number) => `${device} ${n}`
  const hashes = new Map<string, Hash | null>(
    lines.map((line) => [place(line.device, line.n), hashOf(line)]),
  )
  return ({ device, n, entry }) => {
    if (!entry) return null
    const before = n === 1 ? FIRST_PREV : hashes.get(place(device, n - 1))
    return before ? entry.prev === before : null
  }
}

/** The lines of each phone, in its own order. */
export function chainsOf(lines: readonly HistoryLine[]): readonly (readonly HistoryLine[])[] {
  const chains = new Map<string, HistoryLine[]>()
  for (const line of lines) chains.set(line.device, [...(chains.get(line.device) ?? []), line])
  return [...chains.values()].map((all) => all.sort((a, b) => a.n - b.n))
}

/**
 * T03: the phone's time less its error, but never before its last contact nor after its arrival.
 * true: one of these two bounds moved it. null: the line cannot be read.
 */
export function isBounded({ at, entry }: HistoryLine): boolean | null {
  if (at.phone === null) return null
  return Math.abs(at.phone - (entry?.at.offset ?? 0) - at.corrected) > 1000
}

/** Byte for byte, one below the other: `sha256sum`, `jq` and an editor can audit them. */
export const feedOf = (lines: readonly HistoryLine[]): readonly Uint8Array<ArrayBuffer>[] =>
  lines.flatMap((line) => {
    const bytes = bytesOf(line)
    return bytes === null ? [] : [bytes, new Uint8Array([10])]
  })
