import { expect, test } from 'vitest'
import { kinds, type KindCode } from '../../../generated/kinds.ts'
import { ELSEWHERE, MAKERS, mayChange, mayCorrect, mayMake, mayVoid } from './makes.ts'

const codes = Object.keys(kinds) as KindCode[]
const nobody = { roles: [], team: null, office: false, admin: false }
const officer = { ...nobody, roles: ['duty_officer'] as const, office: true }
const admin = { ...nobody, roles: ['admin'] as const, admin: true }
const leader = { ...nobody, roles: ['team_leader'] as const }
const made = (rights: Parameters<typeof mayMake>[0]) => codes.filter((it) => mayMake(rights, it))

test('every kind is made by somebody at the desk, or says where it is made', () => {
  const left = codes.filter((it) => !(kinds[it].held_by in MAKERS) && !(it in ELSEWHERE))
  expect(left).toEqual([])
  expect([...made(officer), ...Object.keys(ELSEWHERE)].sort()).toEqual([...codes].sort())
})

test('who is nobody makes nothing, an administrator the places, a leader of no team no dispatch', () => {
  expect(made(nobody)).toEqual([])
  const facts = codes.filter((it) => kinds[it].family === 'fact' && !(it in ELSEWHERE))
  expect(made(admin).sort()).toEqual([...facts, 'zone', 'checkpoint'].sort())
  expect(made(leader).sort()).toEqual([...facts].sort())
  expect(mayMake({ ...leader, team: 'x' }, 'dispatch')).toBe(true)
})

test('a fact is corrected, not changed', () => {
  expect(mayChange(officer, 'object', false)).toBe(true)
  expect(mayChange(officer, 'reading', true)).toBe(false)
  expect(mayChange(admin, 'object', false)).toBe(false)
})

test('a leader changes the dispatch he made, and no other', () => {
  const hers = { ...leader, team: 'x' }
  expect(mayChange(hers, 'dispatch', true)).toBe(true)
  expect(mayChange(hers, 'dispatch', false)).toBe(false)
  expect(mayChange(officer, 'dispatch', false)).toBe(true)
})

test('one corrects what one wrote oneself, and makes it void', () => {
  for (const may of [mayCorrect, mayVoid]) {
    expect(may(officer, 'reading', true)).toBe(true)
    expect(may(officer, 'reading', false)).toBe(false)
    expect(may(nobody, 'reading', true)).toBe(false)
    expect(may(officer, 'photo', true)).toBe(false)
  }
  // A walk was measured by a phone: no form mends it, but it may be void.
  expect(mayCorrect(officer, 'patrol', true)).toBe(false)
  expect(mayVoid(officer, 'patrol', true)).toBe(true)
})

test('what is kept is void by whom it may be changed; of people, a team alone', () => {
  expect(mayVoid(officer, 'zone', false)).toBe(true)
  expect(mayVoid(admin, 'zone', false)).toBe(true)
  expect(mayVoid(admin, 'object', false)).toBe(false)
  expect(mayVoid(leader, 'zone', true)).toBe(false)
  expect(mayVoid({ ...leader, team: 'x' }, 'dispatch', true)).toBe(true)
  expect(mayVoid({ ...leader, team: 'x' }, 'dispatch', false)).toBe(false)
  expect(mayVoid(admin, 'team', false)).toBe(true)
  expect(mayVoid(leader, 'team', false)).toBe(false)
  for (const kind of ['member', 'grant', 'device', 'review'] as const) {
    expect(mayVoid(officer, kind, true)).toBe(false)
  }
})
