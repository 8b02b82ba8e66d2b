// Which kinds the desk makes through their form, and who may. For showing and hiding: the server
// decides, by the same rows (server/hushui/domain/access.py).

import { computed } from 'vue'
import { useApp, type HsRecord } from '../../../app.ts'
import { kindOf } from '../../../forms/field.ts'
import type { KindCode, Member } from '../../../generated/kinds.ts'
import { isFact } from '../../shared/facts.ts'

type Post = 'member' | 'team_leader' | 'office' | 'admin'

/** Who makes a kind, by who holds it. What is not named here is made by nobody's form. */
export const MAKERS: Readonly<Record<string, readonly Post[]>> = {
  author: ['member'],
  command: ['team_leader', 'office'],
  office: ['office'],
  places: ['office', 'admin'],
  people: ['office', 'admin'],
}

/** Made, but not by a form of the table: where, and why. */
export const ELSEWHERE: Partial<Readonly<Record<KindCode, string>>> = {
  patrol: 'a walk with its track: only a phone has been there',
  photo: 'taken by a camera and sent with what it shows',
  review: 'a decision about a record, beside that record',
  grant: 'given to a person, on the page of people',
  member: 'with team, sign-in and phone, on the page of people',
  team: 'with its people, on the page of people',
  device: 'made by a phone that joins',
  consent: 'everybody speaks for himself, before he is asked for his place',
}

interface Rights {
  readonly roles: readonly Member['roles'][number][]
  readonly team: string | null
  readonly office: boolean
  readonly admin: boolean
}

function holds(rights: Rights, post: Post): boolean {
  switch (post) {
    case 'member':
      return rights.roles.length > 0
    case 'team_leader':
      return rights.roles.includes('team_leader') && rights.team !== null
    case 'office':
      return rights.office
    case 'admin':
      return rights.admin
  }
}

export function mayMake(rights: Rights, kind: KindCode): boolean {
  if (ELSEWHERE[kind] !== undefined) return false
  return (MAKERS[kindOf(kind).held_by] ?? []).some((post) => holds(rights, post))
}

/**
 * 修改 is for what is kept; a fact is corrected with a reason, which is another act. A team leader
 * changes what he ordered himself.
 */
export function mayChange(rights: Rights, kind: KindCode, isOwn: boolean): boolean {
  const isHis = kindOf(kind).held_by !== 'command' || rights.office || isOwn
  return kindOf(kind).family !== 'fact' && isHis && mayMake(rights, kind)
}

/** 更正, of what one wrote oneself: what another wrote is sent back to him. */
export function mayCorrect(rights: Rights, kind: KindCode, isOwn: boolean): boolean {
  return kindOf(kind).family === 'fact' && isOwn && mayMake(rights, kind)
}

/** A team is made on the page of people, and its record is what goes. */
const ALSO_VOID: readonly KindCode[] = ['team']

/** 作废 and 恢复. A photo goes with what it shows. */
export function mayVoid(rights: Rights, kind: KindCode, isOwn: boolean): boolean {
  if (isFact(kind)) return isOwn && holds(rights, 'member')
  const isManaged = ALSO_VOID.includes(kind) && (rights.office || rights.admin)
  return isManaged || mayChange(rights, kind, isOwn)
}

export function useMakes() {
  const { session } = useApp()
  return computed(() => {
    const now = session.value
    const rights = now.phase === 'enrolled' ? now.rights : null
    const me = now.phase === 'enrolled' ? now.person : null
    type Its = Pick<HsRecord, 'kind' | 'author'>
    const ask =
      (may: typeof mayChange) =>
      ({ kind, author }: Its) =>
        rights !== null && may(rights, kind, author === me)
    return {
      make: (kind: KindCode) => rights !== null && mayMake(rights, kind),
      ...{ change: ask(mayChange), correct: ask(mayCorrect), void: ask(mayVoid) },
    }
  })
}
