import { describe, expect, it } from 'vitest'
import type { StoredPin } from '../db/devices.ts'
import { isLate } from './lock.ts'
import { isPin, waitAfter, waitMs } from './pin.ts'

const pin = (wrong: number, until: number): StoredPin => ({
  ...{ salt: '', hash: '', rounds: 1, after: 15, locked: true },
  ...{ wrong, until },
})

describe('a PIN', () => {
  it.each(['1234', '12345', '000000'])('may be %s', (digits) => expect(isPin(digits)).toBe(true))
  it.each(['', '123', '1234567', '12a4', ' 1234', '１２３４'])('is not %j', (digits) =>
    expect(isPin(digits)).toBe(false),
  )
})

describe('a wrong one', () => {
  it('costs 1, 2, 4 … s, and never more than a minute', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 1000].map((wrong) => waitAfter(wrong) / 1000)
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('is waited for by the clock of the phone', () => {
    expect(waitMs(pin(3, 10_000), 7_500)).toBe(2_500)
    expect(waitMs(pin(3, 10_000), 10_000)).toBe(0)
    expect(waitMs(pin(3, 10_000), 99_000)).toBe(0)
  })

  it('makes nobody wait for a day where the clock was put back', () => {
    expect(waitMs(pin(3, 86_400_000), 0)).toBe(4_000)
  })
})

describe('it is asked for', () => {
  const MINUTE = 60_000
  it.each([
    ['after as long as is set', 5, 0, 5 * MINUTE, true],
    ['not a moment before', 5, 0, 5 * MINUTE - 1, false],
    ['never, where that is set', null, 0, 900 * MINUTE, false],
    ['where nobody knows since when', 5, null, 0, true],
    ['where the clock was put back', 5, 9 * MINUTE, 7 * MINUTE, true],
  ])('%s', (_what, after, seen, at, asked) => expect(isLate(after, seen, at)).toBe(asked))
})
