// A record's versions and what changed in each, from its lines in order of arrival.

import type { Id, Json, JsonObject, Op } from '@hushui/sync'
import type { HistoryLine } from './wire.ts'

export interface Change {
  readonly field: string
  /** undefined: nothing stood there before. */
  readonly before: Json | undefined
  readonly after: Json
}

export interface Version {
  readonly number: number
  readonly line: HistoryLine
  /** Empty for the first one: everything is new. */
  readonly changes: readonly Change[]
}

/** Why a version corrects the one before, in its author's words; and what it changed beside that. */
export function reasonOf({ changes, line }: Version): {
  readonly reason: string | null
  readonly changes: readonly Change[]
} {
  // Of two corrections at once only one reason stands in the record: each is read in its line (V03).
  const written = line.entry?.ops.map((op) => op.set['correction']).find((it) => it != null)
  const after = changes.find(({ field }) => field === 'correction')?.after ?? written
  return {
    reason: typeof after === 'string' && after !== '' ? after : null,
    changes: changes.filter(({ field }) => field !== 'correction'),
  }
}

/** As the line itself gives it, also where it makes no version: before anybody had looked. */
export function reasonIn(line: HistoryLine, record: Id): string | null {
  const said = opsOf(line, record).map(({ set }) => set['correction'])
  return said.find((it): it is string => typeof it === 'string' && it !== '') ?? null
}

/** 作废 or 恢复, where the line does that to the record. */
export const fateOf = (line: HistoryLine, record: Id): 'del' | 'undel' | null =>
  opsOf(line, record)
    .map(({ act }) => act)
    .find((act) => act === 'del' || act === 'undel') ?? null

/** S11: it left the phones by this line, which the server wrote. */
export const hasLeft = (line: HistoryLine, record: Id): boolean =>
  opsOf(line, record).some(({ act }) => act === 'leave')

/** Lines that took effect. */
export const isTaken = (line: HistoryLine): boolean => {
  const verdict = line.receipts.at(-1)?.verdict
  return verdict === 'applied' || verdict === 'merged'
}

/** Oldest first. */
export function versionsOf(record: Id, lines: readonly HistoryLine[]): readonly Version[] {
  const fields: Record<string, Json> = {}
  /** The line that last wrote each field. */
  const stamps = new Map<string, HistoryLine>()
  const versions: Version[] = []
  for (const line of lines) {
    const written = isTaken(line) ? writtenBy(line, record, lines) : null
    if (written === null) continue
    const ops = opsOf(line, record)
    const taken = Object.entries(written).filter(([name]) =>
      wins(line, name, ops, stamps.get(name)),
    )
    const changes = changesOf(fields, Object.fromEntries(taken))
    for (const [name, value] of taken) {
      fields[name] = value
      stamps.set(name, line)
    }
    const last = versions.at(-1)
    if (last === undefined) versions.push({ number: line.version, line, changes: [] })
    else if (line.version > last.number) versions.push({ number: line.version, line, changes })
    // Written before anybody looked at it: still the same version.
    else if (changes.length > 0 && last.number > 1) {
      versions[versions.length - 1] = { ...last, changes: joined(last.changes, changes) }
    }
  }
  return versions
}

/** V02, V03, V06: what was written at the same time as something later does not stand. */
function wins(
  line: HistoryLine,
  name: string,
  ops: readonly Op[],
  stands: HistoryLine | undefined,
): boolean {
  if (stands === undefined) return true
  const settle = ops.find(({ act, set }) => act === 'settle' && set['field'] === name)
  if (settle) return settle.set['stamp'] !== stands.entry?.id
  if (stands.device === line.device) return line.n >= stands.n
  const hasSeen = ops.some(({ base }) => base[name] === stands.entry?.id)
  if (hasSeen) return true
  const [now, then] = [line.at.corrected, stands.at.corrected]
  return now === then ? line.device > stands.device : now > then
}

/** What the line puts onto the record; null: nothing. A conflict settled is the value that was kept. */
export function writtenBy(
  line: HistoryLine,
  record: Id,
  lines: readonly HistoryLine[],
): JsonObject | null {
  const ops = opsOf(line, record)
  const sets = ops.flatMap(({ act, set }): readonly JsonObject[] => {
    if (act === 'put') return [set]
    const kept =
      act === 'settle' ? lines.find(({ entry }) => entry?.id === set['stamp']) : undefined
    const values = kept && opsOf(kept, record).find((op) => String(set['field']) in op.set)?.set
    return values ? [{ [String(set['field'])]: values[String(set['field'])] ?? null }] : []
  })
  return sets.length === 0 ? null : Object.assign({}, ...sets)
}

const opsOf = ({ entry }: HistoryLine, record: Id) =>
  entry?.ops.filter((op) => op.record === record) ?? []

export function changesOf(
  before: Readonly<Record<string, Json>>,
  written: JsonObject,
): readonly Change[] {
  return Object.entries(written).flatMap(([field, after]) =>
    isSame(before[field] ?? null, after) ? [] : [{ field, before: before[field], after }],
  )
}

function joined(first: readonly Change[], then: readonly Change[]): readonly Change[] {
  const later = new Map(then.map((change) => [change.field, change]))
  const kept = first.map((change) => {
    const after = later.get(change.field)
    later.delete(change.field)
    return after === undefined ? change : { ...change, after: after.after }
  })
  return [...kept, ...later.values()].filter(({ before, after }) => !isSame(before ?? null, after))
}

/** By content; the order of members does not matter. */
export function isSame(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false
    return a.length === b.length && a.every((item: Json, i) => isSame(item, b[i] as Json))
  }
  const one = a as JsonObject
  const other = b as JsonObject
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && isSame(one[name] as Json, other[name] as Json))
  )
}
