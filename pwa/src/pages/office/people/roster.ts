// Who there is, as one row each: the member with what he holds, his phones and his sign-in.

import type { Id } from '@hushui/sync'
import type { HsRecord } from '../../../app.ts'
import type { DeskDevice } from '../wire.ts'

export interface Account {
  readonly login: string
  readonly person: Id
  /** Nobody has signed in with it since its password was given out. */
  readonly once: boolean
  /** ms: from then on it opens nothing; null: it waits. */
  readonly expires: number | null
}

export interface Holding {
  readonly grant: Id
  readonly zone: Id
  readonly lead: boolean
}

export interface Person {
  readonly id: Id
  readonly record: HsRecord<'member'>
  readonly name: string
  readonly code: string
  readonly team: Id | null
  readonly holds: readonly Holding[]
  /** In use: a phone that was taken out of use is not. */
  readonly phones: readonly DeskDevice[]
  /** ms, of any of them; null: never. */
  readonly contact: number | null
  /** Lines announced and not here, of all his devices. */
  readonly missing: number
  readonly account: Account | null
  readonly hasLeft: boolean
}

export interface Books {
  readonly members: readonly HsRecord<'member'>[]
  readonly grants: readonly HsRecord<'grant'>[]
  readonly devices: readonly DeskDevice[]
  readonly accounts: readonly Account[]
}

/** By number, as a list on paper is; who has left comes last. */
export function roster({ members, grants, devices, accounts }: Books): readonly Person[] {
  const live = grants.filter(isLive)
  return members
    .map((record): Person => {
      const { id, fields, deleted } = record
      const phones = devices.filter((it) => it.person === id && !it.revoked)
      const heard = phones.flatMap(({ last_contact: at }) => (at === null ? [] : [at]))
      return {
        ...{ id, record, name: fields.name ?? '', code: fields.code ?? '' },
        team: fields.team ?? null,
        holds: live.flatMap(({ id: grant, fields: { person, zone, role } }) =>
          person === id && zone !== undefined ? [{ grant, zone, lead: role === 'lead' }] : [],
        ),
        phones,
        contact: heard.length === 0 ? null : Math.max(...heard),
        missing: phones.reduce((sum, it) => sum + it.missing, 0),
        account: accounts.find((it) => it.person === id) ?? null,
        hasLeft: deleted,
      }
    })
    .sort((a, b) => Number(a.hasLeft) - Number(b.hasLeft) || byCode(a, b))
}

const isLive = ({ deleted, fields, status }: HsRecord<'grant'>): boolean =>
  !deleted && fields.ended !== true && status.state !== 'unaccepted'

const byCode = (a: Person, b: Person): number =>
  a.code.localeCompare(b.code, 'zh-CN', { numeric: true }) || (a.id < b.id ? -1 : 1)

export interface Choice {
  /** '': of any team; 'none': of no team. */
  readonly team: Id | '' | 'none'
  readonly left: boolean
  readonly q: string
}

export function chosenOf(people: readonly Person[], { team, left, q }: Choice): readonly Person[] {
  const sought = q.trim().toLowerCase()
  return people.filter((it) => {
    if (it.hasLeft !== left) return false
    if (team !== '' && it.team !== (team === 'none' ? null : team)) return false
    const { title, phone, login } = it.record.fields
    const said = [it.name, it.code, title, phone, login, it.account?.login]
    return sought === '' || said.some((word) => word?.toLowerCase().includes(sought))
  })
}

/** A number that a second one on post has too: a list could not tell them apart. */
export function isCodeTaken(people: readonly Person[], code: string, but: Id | null): boolean {
  return people.some((it) => !it.hasLeft && it.id !== but && it.code === code.trim())
}

/** The next free number after the greatest with the same beginning: XT-016 → XT-017. */
export function nextCode(people: readonly Person[]): string {
  const numbered = people.flatMap(({ code }) => {
    const found = /^(.*?)(\d+)$/.exec(code)
    return found ? [{ head: found[1]!, digits: found[2]!, n: Number(found[2]) }] : []
  })
  const last = numbered.reduce<(typeof numbered)[number] | null>(
    (best, it) => (best === null || it.n > best.n ? it : best),
    null,
  )
  return last === null
    ? '001'
    : `${last.head}${String(last.n + 1).padStart(last.digits.length, '0')}`
}
