// What the desk's forms ask of a member and of a team: all that their kinds have, but for what has a
// place of its own.

import { kindOf } from '../../../forms/field.ts'

/** The login belongs to the sign-in, where its password is. */
const ELSEWHERE = ['login']

export const memberFields: readonly string[] = Object.keys(kindOf('member').fields).filter(
  (name) => !ELSEWHERE.includes(name),
)

export const teamFields: readonly string[] = Object.keys(kindOf('team').fields)
