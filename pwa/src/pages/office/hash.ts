// The chain of a feed, as the office can check it.

import { lineHash, type Hash } from '@hushui/sync'
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
