// Which zones a leader sees as his: for showing only, the server decides.

import type { HsRecord, Session } from '../../app.ts'

export function myZones(
  session: Session,
  zones: readonly HsRecord<'zone'>[],
): readonly HsRecord<'zone'>[] {
  if (session.phase !== 'enrolled') return []
  const { office, team, leads, roles } = session.rights
  if (office) return zones
  const ofTeam = roles.includes('team_leader') ? team : null
  return zones.filter(
    (it) => leads.includes(it.id) || (ofTeam !== null && it.fields.team === ofTeam),
  )
}
