// What waits for somebody of the office to settle it.

import type { Id } from '@hushui/sync'
import type { Api } from '../../app.ts'
import type { Row, UnacceptedLine } from './wire.ts'

/** A line that was not taken, and how many others wait for it (D01). */
export interface Item {
  readonly line: UnacceptedLine
  readonly waiting: number
}

export interface Unsettled {
  readonly items: readonly Item[]
  /** Records with an open conflict, void ones too. */
  readonly conflicts: readonly Row[]
}

const CONFLICTS = '/api/records?conflict=true&deleted=true&limit=200'

export async function unsettled(api: Api): Promise<Unsettled> {
  const [{ lines }, { records }] = await Promise.all([
    api.get<{ lines: readonly UnacceptedLine[] }>('/api/unaccepted'),
    api.get<{ records: readonly Row[] }>(CONFLICTS),
  ])
  return { items: itemsOf(lines), conflicts: records }
}

/** Longest waiting first; what waits for a line goes with it. */
export function itemsOf(lines: readonly UnacceptedLine[]): readonly Item[] {
  const byEntry = new Map(lines.map((line) => [line.receipt.entry, line]))
  const waiting = new Map<UnacceptedLine, number>()
  for (const line of lines) {
    const cause = causeOf(line, byEntry)
    waiting.set(cause, (waiting.get(cause) ?? 0) + Number(cause !== line))
  }
  return [...waiting]
    .map(([line, count]) => ({ line, waiting: count }))
    .sort((a, b) => a.line.received - b.line.received)
}

/** The line at the beginning of the chain, as far as it is here. */
function causeOf(
  line: UnacceptedLine,
  byEntry: ReadonlyMap<Id | null, UnacceptedLine>,
): UnacceptedLine {
  const seen = new Set([line])
  let last = line
  for (;;) {
    const next = last.receipt.waits === null ? undefined : byEntry.get(last.receipt.waits)
    if (next === undefined || seen.has(next)) return last
    seen.add(next)
    last = next
  }
}
