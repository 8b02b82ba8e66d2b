// Leaving: the member stays in every old record; what he holds is given back in the same line.

import { limits, type Id, type Op } from '@hushui/sync'
import type { App, HsRecord } from '../../../app.ts'
import type { Person } from './roster.ts'

type Ops = Pick<App, 'opPut' | 'opDel' | 'opUndel'>

/** One line, or where a person has very much several: the member himself goes with the last. */
export function leaveLines(
  { opPut, opDel }: Ops,
  person: Person,
  teams: readonly HsRecord<'team'>[],
  mayGiveZones: boolean,
): readonly (readonly Op[])[] {
  const led = teams.filter((it) => !it.deleted && it.fields.leader === person.id)
  const ops = [
    ...(mayGiveZones ? person.holds : []).map(({ grant }) =>
      opPut('grant', grant, { ended: true }),
    ),
    ...led.map(({ id }) => opPut('team', id, { leader: null })),
    ...person.phones.map(({ device }) =>
      opPut('device', device, { person: person.id, revoked: true }),
    ),
    opDel('member', person.id),
  ]
  return linesOf(ops)
}

export const returnOp = ({ opUndel }: Ops, person: Id): Op => opUndel('member', person)

/** As few lines as the protocol allows (E04). */
export function linesOf(ops: readonly Op[]): readonly (readonly Op[])[] {
  const lines: Op[][] = []
  for (let at = 0; at < ops.length; at += limits.OPS) lines.push(ops.slice(at, at + limits.OPS))
  return lines
}
