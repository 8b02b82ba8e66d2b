// What the evidence page can check by itself, from the bytes that lie before it.

import { FIRST_PREV, isClockOff, type Hash, type Json, type Sha256 } from '@hushui/sync'
import { bytesOf, entryOf, hashOf } from './hash.ts'
import { APART_M_MAX } from './placeCheck.ts'
import { isSame } from './versions.ts'
import type { NamedPhoto, HistoryLine } from './wire.ts'

/** `computed`: a figure worked out here and held against nothing. */
export type Result = 'ok' | 'bad' | 'open' | 'computed'

/** `what`: key of the words `office.evidence`. */
export interface Check {
  readonly what: 'hashes' | 'entries' | 'chain' | 'receipts' | 'photos' | 'place' | 'clock'
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
    entriesOf(found),
    chainOf(found),
    receiptsOf(found),
    ...(found.photos.length > 0 ? [photosOf(found)] : []),
    ...(apart === null ? [] : [placeOf(Math.round(apart))]),
    ...(offset === null ? [] : [clockOf(offset)]),
  ]
}

function hashesOf({ lines }: Found): Check {
  const known = lines.filter((line) => line.line !== null).length
  return { what: 'hashes', result: known > 0 ? 'computed' : 'open', of: [known, lines.length] }
}

const entriesOf = ({ lines }: Found): Check => together('entries', lines.map(isAsWritten))

/** Does what the office lists of the line stand in its bytes? null: nothing to hold it against. */
function isAsWritten(line: HistoryLine): boolean | null {
  const { entry, device, n, at } = line
  if (line.line === null || entry === null) return null
  const own = entryOf(line)
  if (own === null || own.device !== device || own.n !== n || own.at.wall !== at.phone) return false
  return isSame(own as unknown as Json, entry as unknown as Json)
}

function together(what: Check['what'], all: readonly (boolean | null)[]): Check {
  const n = all.filter(Boolean).length
  const result = all.includes(false) ? 'bad' : n === all.length ? 'ok' : 'open'
  return { what, result, of: [n, all.length] }
}

function chainOf({ lines }: Found): Check {
  const joined = joinsOf(lines)
  const all = lines.map((line) => joined(line))
  if (all.includes(false)) return { what: 'chain', result: 'bad' }
  const n = all.filter(Boolean).length
  return { what: 'chain', result: n > 0 ? 'ok' : 'open', joined: n }
}

const receiptsOf = ({ lines }: Found): Check => together('receipts', lines.map(isReceived))

/** Is there a receipt, and is each about this very line? null: its entry cannot be read here. */
function isReceived(line: HistoryLine): boolean | null {
  const { device, n, receipts } = line
  const own = entryOf(line)
  const numbers = new Set(receipts.map(({ epoch, number }) => `${epoch}:${number}`))
  if (numbers.size === 0 || numbers.size < receipts.length) return false
  const areIts = receipts.every(
    (it) => it.device === device && it.n === n && it.at >= line.at.server,
  )
  if (!areIts) return false
  // Of a line that could not be read the receipt names no entry.
  if (own === null) return receipts.every(({ entry }) => entry === null) || null
  return receipts.every(({ entry }) => entry === null || entry === own.id)
}

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
  return (line) => {
    const own = entryOf(line)
    if (own === null) return null
    const before = line.n === 1 ? FIRST_PREV : hashes.get(place(line.device, line.n - 1))
    return before ? own.prev === before : null
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
