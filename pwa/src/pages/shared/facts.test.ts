import { expect, test } from 'vitest'
import { isFact, QUEUED } from './facts.ts'

test('a fact is what its kind says, but for the photo and what nobody knows', () => {
  expect([...QUEUED, 'reading', 'duty_entry'].map(isFact)).not.toContain(false)
  expect(['photo', 'review', 'zone', 'toString', 'kind_of_tomorrow'].map(isFact)).not.toContain(
    true,
  )
})
