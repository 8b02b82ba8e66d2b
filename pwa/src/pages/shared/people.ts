// Who answers for a zone, and whom to call when something breaks.

import { computed } from 'vue'
import type { HsRecord } from '../../app.ts'
import { useApp } from '../../app.ts'

type Id = string
export type Person = HsRecord<'member'>

/** By pinyin, as a roll is called. */
const byName = new Intl.Collator('zh-CN')
const nameOf = ({ fields }: Person) => fields.name ?? ''

export function usePeople() {
  const { records, session } = useApp()
  const members = records.list('member')
  const teams = records.list('team')
  const grants = records.list('grant')

  const live = computed(() =>
    grants.value.flatMap((grant) => {
      const it = records.inForce(grant)
      return it && !it.deleted && it.fields.ended !== true ? [it] : []
    }),
  )

  const me = computed<Id | null>(() =>
    session.value.phase === 'enrolled' ? session.value.person : null,
  )

  const byId = computed(() => new Map(members.value.map((it) => [it.id, it])))

  /**
   * Whom a field of people may name: everybody but oneself. Those of the own team first, for one goes
   * out with them; then by name, so that each stands in the same place every time. Of two with one
   * name each has his number behind it.
   */
  const colleagues = computed(() => {
    const team = me.value === null ? undefined : byId.value.get(me.value)?.fields.team
    const names = members.value.filter((it) => !it.deleted).map(nameOf)
    const shared = new Set(names.filter((name, n) => names.indexOf(name) < n))
    const called = (it: Person) =>
      shared.has(nameOf(it)) ? `${nameOf(it)} ${it.fields.code ?? ''}`.trim() : nameOf(it)
    const isFar = ({ fields }: Person) => Number(team == null || fields.team !== team)
    return members.value
      .filter((it) => it.id !== me.value && !it.deleted)
      .sort((a, b) => isFar(a) - isFar(b) || byName.compare(nameOf(a), nameOf(b)))
      .map((it) => ({ id: it.id, name: called(it) }))
  })

  /** Live grants of a zone, leads last. */
  const holders = (zone: Id) => live.value.filter((it) => it.fields.zone === zone)

  const zonesOf = (person: Id): readonly Id[] => [
    ...new Set(
      live.value.flatMap(({ fields }) =>
        fields.person === person && fields.zone !== undefined ? [fields.zone] : [],
      ),
    ),
  ]

  /** Lead of the zone, then the own team's leader, then a duty officer; never oneself. */
  function callee(zone: Id | null | undefined): Person | null {
    const lead = zone ? holders(zone).find((it) => it.fields.role === 'lead')?.fields.person : null
    const mine = me.value === null ? undefined : byId.value.get(me.value)
    const team = teams.value.find((it) => it.id === mine?.fields.team)
    const officer = members.value.find((it) => it.fields.roles?.includes('duty_officer'))?.id
    for (const id of [lead, team?.fields.leader, officer]) {
      const person = id != null && id !== me.value ? byId.value.get(id) : undefined
      if (person?.fields.phone) return person
    }
    return null
  }

  return { members, colleagues, byId, teams, grants: live, holders, zonesOf, callee, me }
}
