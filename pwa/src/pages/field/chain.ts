// What this phone knows of the hazards after they were found: who reported, who was told, what was done
// about them, and which report is due next.

import { computed, type ComputedRef } from 'vue'
import { useApp, type App, type HsRecord } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'
import { dueReports, levelNow, type Course, type Due, type Report } from '../../forms/reportDue.ts'
import type { Level } from '../../forms/severity.ts'

export type Hazard = HsRecord<'hazard'>
export type HazardReport = HsRecord<'hazard_report'>
export type Call = HsRecord<'call'>

export interface Chain {
  readonly hazard: Hazard
  /** Since when it has been happening; null: it is not. */
  readonly found: number | null
  readonly level: Level | null
  /** As they were given, the first first. */
  readonly reports: readonly HazardReport[]
  readonly calls: readonly Call[]
  readonly due: readonly Due[]
}

/** A check by who handled it ends nothing (figures.ENDINGS). */
const BY_HANDLER = 'verified_by_handler'

export function useChains() {
  const app = useApp()
  const { records } = app
  const hazards = records.list('hazard')
  const reports = records.list('hazard_report')
  const calls = records.list('call')
  const repairs = records.list('repair')
  const checks = records.list('verification')
  const own = records.lines()

  const standing = <K extends KindCode>(all: readonly HsRecord<K>[]) => standingOf(records, all)

  const reportsOf = computed(() => bySubject(standing(reports.value), (it) => it.fields.hazard))
  const callsOf = computed(() => bySubject(standing(calls.value), (it) => it.fields.about))
  const repairsOf = computed(() => bySubject(standing(repairs.value), (it) => it.fields.target))
  const lookedAt = computed(() => bySubject(standing(checks.value), (it) => it.fields.target))

  function chainOf(hazard: Hazard): Chain {
    const { id } = hazard
    const found = foundAt(hazard)
    const given = [...(reportsOf.value.get(id) ?? [])].sort((a, b) => toldAt(a) - toldAt(b))
    const rung = [...(callsOf.value.get(id) ?? [])].sort((a, b) => toldAt(a) - toldAt(b))
    // What was said of it while it only might happen is no word of what is happening.
    const since = turnedAt(hazard) ?? -Infinity
    const course: Course = {
      found,
      level: { is: (hazard.fields.level ?? null) as Level | null, since: levelSince(hazard) },
      reports: given.filter((it) => toldAt(it) >= since).map(reportOf),
      told: rung.find((it) => isTold(it) && toldAt(it) >= since)?.fields.at ?? null,
      works: worksOf(repairsOf.value.get(id) ?? []),
      checks: checksOf(lookedAt.value.get(id) ?? []),
    }
    const { is: level } = levelNow(course)
    return { hazard, found, level, reports: given, calls: rung, due: dueReports(course) }
  }

  function foundAt(hazard: Hazard): number | null {
    const isOff = hazard.deleted || hazard.review?.decision === 'rejected'
    if (isOff || hazard.fields.nature === 'latent') return null
    return turnedAt(hazard) ?? hazard.captured
  }

  /** When a hidden one broke out; null: it was happening when it was found. */
  const turnedAt = (hazard: Hazard): number | null =>
    changedAt(own.value, hazard, hazard.stamps['nature'])

  const levelSince = (hazard: Hazard): number =>
    changedAt(own.value, hazard, hazard.stamps['level']) ?? hazard.captured

  const me = computed(() =>
    app.session.value.phase === 'enrolled' ? app.session.value.person : null,
  )
  /** Found by this person, or last reported on by him. */
  const isMine = ({ hazard, reports }: Chain) =>
    hazard.author === me.value || reports.at(-1)?.author === me.value

  const open = computed(() => hazards.value.map(chainOf).filter((it) => it.due.length > 0))
  /** What waits for this person's words, the earliest first. */
  const mine = computed(() =>
    open.value.filter(isMine).sort((a, b) => (a.due[0]?.at ?? 0) - (b.due[0]?.at ?? 0)),
  )

  return { chainOf, mine }
}

/** What stands: not made void, not turned down by a person, and taken or on its way. */
export function standingOf<K extends KindCode>(
  records: App['records'],
  all: readonly HsRecord<K>[],
): readonly HsRecord<K>[] {
  return all.flatMap((it) => {
    const found = records.inForce(it)
    return found && !found.deleted && it.review?.decision !== 'rejected' ? [found] : []
  })
}

export const worksOf = (repairs: readonly HsRecord<'repair'>[]): Course['works'] =>
  repairs.map(({ captured, fields }) => ({
    started: fields.started ?? captured,
    ended: fields.ended ?? null,
  }))

export const checksOf = (checks: readonly HsRecord<'verification'>[]): Course['checks'] =>
  checks
    .filter(({ flags }) => !flags.includes(BY_HANDLER))
    .map(({ captured, fields }) => ({ at: captured, passed: fields.result === 'pass' }))

export function useChain(hazard: () => HsRecord | null): ComputedRef<Chain | null> {
  const { chainOf } = useChains()
  return computed(() => {
    const it = hazard()
    return it?.kind === 'hazard' ? chainOf(it as unknown as Hazard) : null
  })
}

/** Told in any way that counts as words of mouth: somebody was reached from here. */
export const isTold = ({ fields }: Call): boolean =>
  fields.direction === 'out' && fields.result === 'told'

export const toldAt = ({ captured, fields }: HazardReport | Call): number => fields.at ?? captured

const reportOf = (it: HazardReport): Report => ({
  kind: it.fields.report_kind ?? 'follow_up',
  at: toldAt(it),
  next: it.fields.next_at ?? null,
  level: (it.fields.level ?? null) as Level | null,
})

type OwnLines = ReturnType<App['records']['lines']>['value']

/**
 * When the line was stored that wrote this stamp, if that was a later one than the first. Of other
 * people's lines only the ids are here, and an id says when it was made.
 */
function changedAt(
  own: OwnLines,
  { id, stamps }: Hazard,
  stamp: string | undefined,
): number | null {
  const lines = own.filter((it) => it.records.includes(id))
  const line = lines.find((it) => it.entry === stamp)
  if (line) return lines.some((it) => it.n < line.n) ? line.wall : null
  // What was written with the type was there from the first.
  const first = stamps['types']
  return stamp === undefined || first === undefined || stamp <= first ? null : mintedAt(stamp)
}

/** By the clock of the phone that made it, ms: the first 48 bits of a UUIDv7. */
export const mintedAt = (id: string): number | null =>
  /^[0-7][0-9a-v]{25}$/.test(id) ? parseInt(id.slice(0, 10), 32) : null

export function bySubject<T>(
  all: readonly T[],
  subject: (it: T) => string | null | undefined,
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const it of all) {
    const id = subject(it)
    if (id == null) continue
    const held = found.get(id)
    if (held) held.push(it)
    else found.set(id, [it])
  }
  return found
}
