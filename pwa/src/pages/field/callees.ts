// Who has to know of a hazard, and who of them has been told.

import { computed, type ComputedRef } from 'vue'
import { useApp } from '../../app.ts'
import { usePeople, type Person } from '../shared/people.ts'
import { isTold, toldAt, type Call, type Chain } from './chain.ts'

type Why = 'lead' | 'teamLeader' | 'onShift' | 'onDuty' | 'duty_officer' | 'secretary'

export interface Callee {
  readonly person: Person
  readonly why: readonly Why[]
  /** The first call that reached him, else the last that did not. */
  readonly call: Call | null
}

/** In the order in which they are called: who is nearest first. Never oneself, and nobody twice. */
export function useCallees(chain: () => Chain | null): ComputedRef<readonly Callee[]> {
  const app = useApp()
  const { members, byId, teams, holders, me } = usePeople()
  const shifts = app.records.list('duty_shift')

  const onNow = computed(() =>
    shifts.value.find(({ deleted, fields: { start = Infinity, end = -Infinity } }) => {
      const now = app.now.value
      return !deleted && start <= now && now < end
    }),
  )

  const withRole = (role: 'duty_officer' | 'secretary') =>
    members.value
      .filter((it) => it.fields.roles?.includes(role))
      .sort((a, b) => (a.fields.code ?? '').localeCompare(b.fields.code ?? ''))
      .map((it) => it.id)

  return computed(() => {
    const it = chain()
    if (it === null) return []
    const { zone } = it.hazard.fields
    const leads = zone ? holders(zone).filter(({ fields }) => fields.role === 'lead') : []
    const team = byId.value.get(it.hazard.author)?.fields.team
    const leader = teams.value.find(({ id, deleted }) => id === team && !deleted)?.fields.leader
    const shift = onNow.value?.fields
    const asked: readonly (readonly [Why, readonly (string | null | undefined)[]])[] = [
      ['lead', leads.map(({ fields }) => fields.person)],
      ['teamLeader', [leader]],
      ['onShift', [shift?.leader]],
      ...(shift
        ? ([['onDuty', shift.staff ?? []]] as const)
        : ([['duty_officer', withRole('duty_officer')]] as const)),
      ['secretary', withRole('secretary')],
    ]
    const found = new Map<string, Why[]>()
    for (const [why, ids] of asked) {
      for (const id of ids) {
        const person = id == null || id === me.value ? undefined : byId.value.get(id)
        if (!person || person.deleted) continue
        const held = found.get(person.id)
        if (held) held.push(why)
        else found.set(person.id, [why])
      }
    }
    return [...found].map(([id, why]) => ({
      ...{ person: byId.value.get(id)!, why },
      call: callTo(id, it.calls),
    }))
  })
}

function callTo(person: string, calls: readonly Call[]): Call | null {
  const his = calls
    .filter(({ fields }) => fields.member === person && fields.result != null)
    .sort((a, b) => toldAt(a) - toldAt(b))
  return his.find(isTold) ?? his.at(-1) ?? null
}

/** 138****1234: enough to know it by, too little to take it from the screen. */
export const masked = (phone: string): string => {
  const digits = phone.replace(/\D/g, '')
  return `${digits.slice(0, 3)}****${digits.slice(-4)}`
}
