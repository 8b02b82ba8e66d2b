// Who is at the phone, and what they may see.

import type { Id, State } from '@hushui/sync'
import { computed } from 'vue'
import type { ComputedRef, Ref } from 'vue'
import type { Enrolled, HsRecord, LocalDevice, Session } from '../app.ts'
import type { DeviceRow } from '../db/devices.ts'
import type { Current } from './current.ts'
import type { Views } from './views.ts'

export function createSession(
  { device }: Current,
  views: Views,
  told: Readonly<Ref<number>>,
): ComputedRef<Session> {
  const grants = views.records.list('grant')
  const ledBy = (person: Id): Id[] =>
    grants.value.flatMap((grant) => {
      const { fields, deleted } = views.records.inForce(grant) ?? GONE
      const isLead = fields.person === person && fields.role === 'lead' && fields.ended !== true
      return isLead && !deleted && fields.zone ? [fields.zone] : []
    })

  return computed<Session>(() => {
    void told.value
    const current = device.value
    const state = current?.state()
    if (!current || !state || current.row.signedOut) return { phase: 'none' }
    const { row } = current
    const { person, org } = state.identity
    const own = views.find(person) as HsRecord<'member'> | undefined
    const member = own ? ((views.records.inForce(own)?.fields ?? null) as Enrolled['member']) : null
    return {
      phase: 'enrolled',
      device: row.device,
      person,
      name: member?.name ?? row.name,
      org: { id: org, name: row.orgName, demo: row.demo },
      member,
      rights: rightsOf(state, member, ledBy(person)),
      known: !row.unknown,
      office: row.office,
    }
  })
}

const GONE: Pick<HsRecord<'grant'>, 'fields' | 'deleted'> = { fields: {}, deleted: true }

function rightsOf(
  state: State,
  member: Enrolled['member'],
  leads: readonly Id[],
): Enrolled['rights'] {
  const roles = member?.roles ?? []
  const hidden = new Set(state.meta.revoked.map(({ scope }) => scope))
  const zones = state.meta.grants
    .filter((scope) => scope.startsWith('zone:') && !hidden.has(scope))
    .map((scope) => scope.slice('zone:'.length))
  return {
    roles,
    team: member?.team ?? null,
    zones,
    leads,
    office: roles.includes('duty_officer') || roles.includes('secretary'),
    leader: roles.includes('team_leader') || roles.includes('zone_lead') || leads.length > 0,
    admin: roles.includes('admin'),
  }
}

export function localOf(row: DeviceRow, current: Id | undefined, views: Views): LocalDevice[] {
  // Who signed out with a password comes back with it; a feed that moved on is no person more.
  if (row.person === '' || row.movedTo || (row.office && row.signedOut)) return []
  const { device, orgName, office, unsent, signedOut, unknown } = row
  const isCurrent = device === current
  const name = (isCurrent && views.records.nameOf(row.person)) || row.name
  const told = { device, name, orgName, office, unsent, signedOut, unknown }
  return [{ ...told, current: isCurrent && !signedOut, pin: row.pin !== null }]
}
