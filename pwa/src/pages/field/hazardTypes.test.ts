import { expect, test } from 'vitest'
import { kinds } from '../../generated/kinds.ts'
import { groups, UNCLEAR, usual } from './hazardTypes.ts'

test('every hazard type is offered once', () => {
  const shown = [...usual, ...groups.flatMap(({ types }) => types)].map((it) => it.code)
  const all = kinds.hazard.fields.types.choices.map((it) => it.code)
  expect([...shown, UNCLEAR].sort()).toEqual([...all].sort())
})
