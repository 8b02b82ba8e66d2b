// What the desk's form asks of a member: all that the kind has, but for what has a place of its own.

import { kindOf } from '../../../forms/field.ts'

/** The login belongs to the sign-in, where its password is. */
const ELSEWHERE = ['login']

export const memberFields: readonly string[] = Object.keys(kindOf('member').fields).filter(
  (name) => !ELSEWHERE.includes(name),
)
