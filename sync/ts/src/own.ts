// The own lines by what they speak of. Computed once for each version of the lines.

import type { Act, Sha256 } from './entry.ts'
import { UNACCEPTED } from './errors.ts'
import type { Id } from './ids.ts'
import type { RowId } from './messages.ts'
import type { OwnLine, State } from './state.ts'

export interface Own {
  readonly byRecord: ReadonlyMap<RowId, readonly OwnLine[]>
  readonly byBlob: ReadonlyMap<Sha256, readonly OwnLine[]>
  readonly byId: ReadonlyMap<Id, OwnLine>
  /** The lines that lie on top of a record's row, in order of n (H05). */
  readonly overlay: ReadonlyMap<RowId, readonly OwnLine[]>
  /** Entries, own or of another device, that an own line replaces or abandons. */
  readonly dropped: ReadonlySet<Id>
}

/** These speak of a line, not of a record. */
export const LINE_ACTS: readonly Act[] = ['abandon', 'refer', 'adopt', 'decline']

const known = new WeakMap<State['lines'], Own>()

export function own(state: State): Own {
  const held = known.get(state.lines)
  if (held) return held
  const computed = compute([...state.lines.values()].sort((a, b) => a.n - b.n))
  known.set(state.lines, computed)
  return computed
}

/** The lines are about to change in place, as they may inside one step. */
export function forgetOwn(lines: State['lines']): void {
  known.delete(lines)
}

export const isGood = ({ receipt }: OwnLine): boolean =>
  receipt !== null && !UNACCEPTED.includes(receipt.verdict)

export const isUnaccepted = ({ receipt }: OwnLine): boolean =>
  receipt !== null && UNACCEPTED.includes(receipt.verdict)

/** R05 */
export const isSettled = (line: OwnLine): boolean => isGood(line) || line.settled

/** What this line, once taken, settles: the entry it replaces and those it abandons. */
export function settles({ entry }: OwnLine): Id[] {
  return [...(entry.replaces === undefined ? [] : [entry.replaces]), ...abandons(entry.ops)]
}

function compute(lines: readonly OwnLine[]): Own {
  const byId = new Map(lines.map((line) => [line.id, line]))
  const dropped = droppedBy(lines, byId)
  const byRecord = new Map<RowId, OwnLine[]>()
  const byBlob = new Map<Sha256, OwnLine[]>()
  const overlay = new Map<RowId, OwnLine[]>()
  for (const line of lines) {
    const { ops, blobs } = line.entry
    for (const record of new Set(ops.map((op) => op.record))) push(byRecord, record, line)
    for (const sha256 of new Set(blobs)) push(byBlob, sha256, line)
    if (line.left || line.settled || dropped.has(line.id)) continue
    const written = ops.filter((op) => !LINE_ACTS.includes(op.act)).map((op) => op.record)
    for (const record of new Set(written)) push(overlay, record, line)
  }
  return { byRecord, byBlob, byId, overlay, dropped }
}

// From the newest back: what was given up no longer takes another line's place.
function droppedBy(lines: readonly OwnLine[], byId: ReadonlyMap<Id, OwnLine>): Set<Id> {
  const dropped = new Set<Id>()
  const abandoned = new Set<Id>()
  for (const line of [...lines].reverse()) {
    if (abandoned.has(line.id)) continue
    const { ops, replaces } = line.entry
    const replaced = replaces === undefined ? undefined : byId.get(replaces)
    if (replaces !== undefined && !(replaced && isGood(replaced))) dropped.add(replaces)
    if (isUnaccepted(line)) continue
    for (const id of abandons(ops)) {
      abandoned.add(id)
      dropped.add(id)
    }
  }
  return dropped
}

function abandons(ops: OwnLine['entry']['ops']): Id[] {
  return ops.flatMap(({ act, set }) =>
    act === 'abandon' && typeof set['entry'] === 'string' ? [set['entry']] : [],
  )
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const held = map.get(key)
  if (held) held.push(value)
  else map.set(key, [value])
}
