// The chain of a feed, as the office can check it.

import type { HistoryLine } from './wire.ts'

/** 3d7a…e541 */
export const shortHash = (hash: string): string =>
  hash.length <= 12 ? hash : `${hash.slice(0, 4)}…${hash.slice(-4)}`

/** The line's hash as the chain names it: half a SHA-256 over its bytes (section 1). */
export async function lineHash(
  { line }: Pick<HistoryLine, 'line'>,
  sha256: (bytes: BufferSource) => Promise<string>,
): Promise<string | null> {
  if (line === null) return null
  const bytes = Uint8Array.from(atob(line), (character) => character.charCodeAt(0))
  return (await sha256(bytes)).slice(0, 32)
}
