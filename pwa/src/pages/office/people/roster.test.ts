import { limits, type Op } from '@hushui/sync'
import { describe, expect, test } from 'vitest'
import { record } from '../../../../tests/fakeApp.ts'
import type { HsRecord } from '../../../app.ts'
import type { DeskDevice } from '../wire.ts'
import { leaveLines, linesOf } from './leaving.ts'
import { chosenOf, isCodeTaken, nextCode, roster, type Books } from './roster.ts'

const member = (id: string, fields: object = {}, more: object = {}) =>
  record({
    id,
    kind: 'member',
    fields: { name: id, code: id, ...fields },
    ...more,
  }) as HsRecord<'member'>
const grant = (id: string, fields: object, more: object = {}) =>
  record({
    id,
    kind: 'grant',
    fields: { zone: 'z1', role: 'member', ...fields },
    ...more,
  }) as HsRecord<'grant'>
const device = (id: string, person: string, more: Partial<DeskDevice> = {}): DeskDevice => ({
  ...{ device: id, person, label: '', enrolled: 0, revoked: false, last_contact: null, app: null },
  ...{
    announced: 0,
    delivered: 0,
    missing: 0,
    owed: [],
    pending_blobs: 0,
    clock_offset: null,
    lost: [],
    mismatches: 0,
    mismatch_at: null,
  },
  ...more,
})
const books = (more: Partial<Books> = {}): Books => ({
  ...{ members: [member('a')], grants: [], devices: [], accounts: [] },
  ...more,
})
const one = (more: Partial<Books> = {}) => roster(books(more))[0]!

describe('a row', () => {
  test('has what its member holds now, and nothing that was taken back or never came', () => {
    const { holds } = one({
      grants: [
        grant('g1', { person: 'a', role: 'lead' }),
        grant('g2', { person: 'a', zone: 'z2', ended: true }),
        grant('g3', { person: 'b', zone: 'z3' }),
        grant('g4', { person: 'a', zone: 'z4' }, { deleted: true }),
        grant('g5', { person: 'a', zone: 'z5' }, { status: { state: 'unaccepted' } }),
      ],
    })
    expect(holds).toEqual([{ grant: 'g1', zone: 'z1', lead: true }])
  })

  test('counts phones in use, hears the last of them, and adds up what is missing', () => {
    const { phones, contact, missing } = one({
      devices: [
        device('p1', 'a', { last_contact: 5, missing: 2 }),
        device('p2', 'a', { last_contact: 9, missing: 1 }),
        device('p3', 'a', { last_contact: 99, missing: 50, revoked: true }),
        device('p4', 'b', { last_contact: 100 }),
      ],
    })
    expect([phones.length, contact, missing]).toEqual([2, 9, 3])
    expect(one().contact).toBeNull()
  })

  test('stands by its number, ten after nine, who has left last', () => {
    const members = [
      member('left', { code: 'X-001' }, { deleted: true }),
      member('ten', { code: 'X-10' }),
      member('nine', { code: 'X-9' }),
    ]
    expect(roster(books({ members })).map((it) => it.id)).toEqual(['nine', 'ten', 'left'])
  })
})

describe('looking for people', () => {
  const people = roster(
    books({
      members: [
        member('a', { name: '张河', team: 't', phone: '13900000011' }),
        member('b', { name: '孙澜' }),
        member('c', { name: '张闸', team: 't' }, { deleted: true }),
      ],
      accounts: [{ login: 'sunlan', person: 'b', once: false, expires: null }],
    }),
  )
  const found = (choice: object) =>
    chosenOf(people, { team: '', left: false, q: '', ...choice }).map((it) => it.id)

  test('by name, number, phone and login, on post or gone, by team or none', () => {
    expect(found({})).toEqual(['a', 'b'])
    expect(found({ q: ' 张 ' })).toEqual(['a'])
    expect(found({ q: '0011' })).toEqual(['a'])
    expect(found({ q: 'SunL' })).toEqual(['b'])
    expect(found({ team: 't' })).toEqual(['a'])
    expect(found({ team: 'none' })).toEqual(['b'])
    expect(found({ left: true })).toEqual(['c'])
  })
})

describe('a number', () => {
  const people = roster(
    books({
      members: [member('a', { code: 'XT-009' }), member('b', { code: '3' }, { deleted: true })],
    }),
  )

  test('is taken by who is on post, and not by oneself or who has left', () => {
    expect(isCodeTaken(people, ' XT-009 ', null)).toBe(true)
    expect(isCodeTaken(people, 'XT-009', 'a')).toBe(false)
    expect(isCodeTaken(people, '3', null)).toBe(false)
  })

  test('goes on after the greatest', () => {
    expect(nextCode(people)).toBe('XT-010')
    expect(nextCode([])).toBe('001')
    expect(nextCode(roster(books({ members: [member('a', { code: 'no digits' })] })))).toBe('001')
  })
})

describe('leaving', () => {
  const ops = {
    opPut: (kind: string, id: string, set: object) => ({
      kind,
      record: id,
      act: 'put',
      set,
      base: {},
    }),
    opDel: (kind: string, id: string) => ({ kind, record: id, act: 'del', set: {}, base: {} }),
  } as unknown as Parameters<typeof leaveLines>[0]
  const said = (lines: readonly (readonly Op[])[]) =>
    lines.map((line) => line.map((op) => `${op.act} ${op.kind} ${op.record}`))
  const person = one({
    grants: [grant('g', { person: 'a' })],
    devices: [device('p', 'a'), device('old', 'a', { revoked: true })],
  })
  const teams = [
    record({ id: 't', kind: 'team', fields: { leader: 'a' } }),
    record({ id: 'u', kind: 'team', fields: { leader: 'b' } }),
  ] as HsRecord<'team'>[]

  test('gives back zones, the lead of a team and phones in one line, the member last', () => {
    expect(said(leaveLines(ops, person, teams, true))).toEqual([
      ['put grant g', 'put team t', 'put device p', 'del member a'],
    ])
  })

  test('leaves zones alone where that is not one’s right', () => {
    expect(said(leaveLines(ops, person, [], false))).toEqual([['put device p', 'del member a']])
  })

  test('takes several lines where one would be too long', () => {
    const many = Array.from({ length: limits.OPS * 2 + 1 }, (_, n) => ({ record: String(n) }) as Op)
    expect(linesOf(many).map((line) => line.length)).toEqual([limits.OPS, limits.OPS, 1])
    expect(linesOf([])).toEqual([])
  })
})
