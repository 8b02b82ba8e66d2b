import { describe, expect, test } from 'vitest'
import { chainsOf, checksOf, feedOf, isBounded, joinsOf, type Found } from './evidence.ts'
import { hashOf } from './hash.ts'
import type { HistoryLine } from './wire.ts'

interface Told {
  readonly device?: string
  readonly prev?: string
  readonly at?: Partial<HistoryLine['at']>
  /** null: cut out. */
  readonly bytes?: string | null
  readonly receipts?: readonly object[]
}

const line = (
  n: number,
  { device = 'd', prev = '', at, bytes = `line ${n}`, receipts = [{}] }: Told = {},
) =>
  ({
    ...{ device, n, receipts, line: bytes === null ? null : btoa(bytes) },
    at: { phone: 5000, corrected: 5000, server: 9000, ...at },
    entry: { prev, at: { offset: 0 } },
  }) as unknown as HistoryLine

const first = line(1, { prev: '0'.repeat(32) })
const second = line(2, { prev: hashOf(first) ?? '' })
const found = (values: Partial<Found> = {}): Found => ({
  ...{ lines: [first, second], photos: [], agrees: new Map(), apart: null, offset: null },
  ...values,
})
const resultOf = (values: Partial<Found>, what: string) =>
  checksOf(found(values)).find((check) => check.what === what)

describe('the chain', () => {
  test('a line joins the one before it, the first one joins nothing', () => {
    const joins = joinsOf([first, second])
    expect([joins(first), joins(second)]).toEqual([true, true])
    expect(resultOf({}, 'chain')).toEqual({ what: 'chain', result: 'ok', joined: 2 })
  })

  test('one byte changed breaks it', () => {
    const forged = { ...first, line: btoa('line 1 forged') }
    expect(joinsOf([forged, second])(second)).toBe(false)
    expect(resultOf({ lines: [forged, second] }, 'chain')?.result).toBe('bad')
  })

  test('what is not on this page is left open', () => {
    expect(joinsOf([second])(second)).toBeNull()
    expect(resultOf({ lines: [second] }, 'chain')?.result).toBe('open')
    // Another phone's line of that number is another line.
    expect(joinsOf([line(1, { device: 'e' }), second])(second)).toBeNull()
  })

  test('each phone has its own, in its own order', () => {
    const other = line(4, { device: 'e' })
    expect(chainsOf([second, other, first])).toEqual([[first, second], [other]])
  })
})

describe('what is checked', () => {
  test('a line that was cut out has no hash here', () => {
    const check = resultOf({ lines: [first, line(2, { bytes: null })] }, 'hashes')
    expect(check).toEqual({ what: 'hashes', result: 'open', of: [1, 2] })
  })

  test('a line without a receipt is found', () => {
    expect(resultOf({ lines: [line(1, { receipts: [] })] }, 'receipts')?.result).toBe('bad')
  })

  test.each([
    [[['a', true]], 'open'],
    [
      [
        ['a', true],
        ['b', true],
      ],
      'ok',
    ],
    [
      [
        ['a', true],
        ['b', false],
      ],
      'bad',
    ],
  ] as const)('photos %j are %s', (agrees, result) => {
    const photos = [{ sha256: 'a' }, { sha256: 'b' }]
    expect(resultOf({ photos, agrees: new Map(agrees) }, 'photos')?.result).toBe(result)
  })

  test('what there is nothing to say of is not listed', () => {
    expect(checksOf(found()).map(({ what }) => what)).toEqual(['hashes', 'chain', 'receipts'])
    expect(resultOf({ apart: 4.4 }, 'place')).toEqual({ what: 'place', result: 'ok', metres: 4 })
    expect(resultOf({ apart: 400 }, 'place')?.result).toBe('bad')
    expect(resultOf({ offset: 6 * 60_000 }, 'clock')?.result).toBe('bad')
  })
})

test('a time is told apart that the last contact or the arrival has bounded', () => {
  expect(isBounded(first)).toBe(false)
  expect(isBounded(line(1, { at: { corrected: 9000 } }))).toBe(true)
  expect(isBounded(line(1, { at: { phone: null } }))).toBeNull()
})

test('the file is the lines byte for byte, one below the other', async () => {
  const text = await new Blob([...feedOf([first, line(2, { bytes: null }), second])]).text()
  expect(text).toBe('line 1\nline 2\n')
})
