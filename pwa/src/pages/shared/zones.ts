// Zones as people speak of them: Z03, who holds it, when it was last patrolled.

import { computed, type ComputedRef } from 'vue'
import type { HsRecord } from '../../app.ts'
import { useApp } from '../../app.ts'
import { lineLength } from '../../geo/chainage.ts'

type Id = string

export type ZoneRecord = HsRecord<'zone'>

/** 220300-NBH-Z03 → Z03 */
const shortCode = (code: string): string => code.slice(code.lastIndexOf('-') + 1)

export function useZones() {
  const { records, session } = useApp()
  const all = records.list('zone')
  const byId = computed(() => new Map(all.value.map((zone) => [zone.id, zone])))

  /** What was made void is no choice any more, but is still called by its name. */
  const sorted = computed(() =>
    all.value
      .filter((it) => !it.deleted)
      .sort((a, b) => (a.fields.code ?? '').localeCompare(b.fields.code ?? '')),
  )

  /** Granted ids, also of zones that have not come yet. */
  const mine = computed<readonly Id[]>(() => {
    const now = session.value
    if (now.phase !== 'enrolled') return []
    const ids = [...new Set([...now.rights.zones, ...now.rights.leads])]
    return ids.sort((a, b) => (code(a) ?? '~').localeCompare(code(b) ?? '~'))
  })

  function code(id: Id): string | undefined {
    const found = byId.value.get(id)?.fields.code
    return found === undefined ? undefined : shortCode(found)
  }

  /** Z03 南河中段 */
  function short(id: Id): string | undefined {
    const zone = byId.value.get(id)
    if (!zone) return undefined
    return [code(id), zone.fields.name].filter(Boolean).join(' ')
  }

  return { all: sorted, byId, mine, code, short }
}

export interface Reach {
  readonly from: number
  readonly to: number
}

/** First and last chainage of a zone; null while its line is not here. */
export function reachOf(zone: ZoneRecord | null | undefined): Reach | null {
  const line = zone?.fields.line
  if (!zone || !line || line.length < 2) return null
  const from = zone.fields.chainage_start ?? 0
  return { from, to: from + lineLength(line) }
}

export function useCheckpoints(zone: ComputedRef<Id | null>) {
  const { records } = useApp()
  const all = records.list('checkpoint')
  return computed(() =>
    all.value
      .filter((it) => it.fields.zone === zone.value && !it.deleted)
      .sort((a, b) => (a.fields.chainage ?? 0) - (b.fields.chainage ?? 0)),
  )
}

/** The newest finished patrol of each zone. */
export function useLastPatrols() {
  const { records } = useApp()
  const all = records.list('patrol')
  return computed(() => {
    const last = new Map<Id, HsRecord<'patrol'>>()
    for (const patrol of all.value) {
      const { zone, ended } = patrol.fields
      if (patrol.deleted || typeof zone !== 'string' || typeof ended !== 'number') continue
      const known = last.get(zone)?.fields.ended
      if (typeof known !== 'number' || ended > known) last.set(zone, patrol)
    }
    return last
  })
}
