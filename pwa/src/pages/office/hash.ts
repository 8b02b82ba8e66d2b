// The chain of a feed, as the office can check it.

import { entryOfBytes, lineHash, type Entry, type Hash } from '@hushui/sync'
import type { HistoryLine } from './wire.ts'

/** 3d7a…e541 */
export const shortHash = (hash: string): string =>
  hash.length <= 12 ? hash : `${hash.slice(0, 4)}…${hash.slice(-4)}`

/** The line byte for byte; null: it was cut out. */
export const bytesOf = ({ line }: Pick<HistoryLine, 'line'>): Uint8Array<ArrayBuffer> | null =>
  line === null ? null : Uint8Array.from(atob(line), (character) => character.charCodeAt(0))

/** As the chain names it, computed here. */
export function hashOf(line: Pick<HistoryLine, 'line'>): Hash | null {
  const bytes = bytesOf(line)
  return bytes === null ? null : lineHash(bytes)
}

/** What the bytes say, read here; null: they were cut out, or cannot be read. */
export function entryOf(line: Pick<HistoryLine, 'line'>): Entry | null {
  const bytes = bytesOf(line)
  try {
    return bytes === null ? null : entryOfBytes(bytes)
  } catch {
    return null
  }
}
