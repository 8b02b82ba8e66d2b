import { expect, test } from 'vitest'
import { kinds } from '../../generated/kinds.ts'
import { FACTS } from './facts.ts'

test('every kind of fact is among them, but for the photo', () => {
  const described = Object.values(kinds).flatMap(({ code, family }) =>
    family === 'fact' && code !== 'photo' ? [code] : [],
  )
  expect([...FACTS].sort()).toEqual(described.sort())
})
