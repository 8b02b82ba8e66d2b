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

const textOf = (n: number, device: string, prev: string) =>
  JSON.stringify({ device, n, prev, id: `e${n}`, at: { wall: 5000, offset: 0 }, ops: [] })

function line(n: number, { device = 'd', prev = '', at, ...told }: Told = {}) {
  const text = textOf(n, device, prev)
  const { bytes = text } = told
  const receipt = { epoch: 'e', number: n, device, n, entry: `e${n}`, at: 9000 }
  return {
    ...{ device, n, receipts: told.receipts ?? [receipt] },
    line: bytes === null ? null : btoa(bytes),
    at: { phone: 5000, corrected: 5000, server: 9000, ...at },
    entry: JSON.parse(text) as HistoryLine['entry'],
  } as unknown as HistoryLine
}

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
    const forged = { ...first, line: btoa(`${textOf(1, 'd', '0'.repeat(32))} `) }
    expect(joinsOf([forged, second])(second)).toBe(false)
    expect(resultOf({ lines: [forged, second] }, 'chain')?.result).toBe('bad')
  })

  test('what is not on this page is left open', () => {
    expect(joinsOf([second])(second)).toBeNull()
    expect(resultOf({ lines: [second] }, 'chain')?.result).toBe('open')
    expect(joinsOf([first, second])(line(2, { bytes: null }))).toBeNull()
    // Another phone's line of that number is another line.
    expect(joinsOf([line(1, { device: 'e' }), second])(second)).toBeNull()
  })

  test('is read from the bytes, whatever the office says of them', () => {
    const before = hashOf(first) ?? ''
    const cut = line(2, { prev: 'f'.repeat(32) })
    const told = { ...cut, entry: { ...cut.entry, prev: before } } as HistoryLine
    expect(joinsOf([first, told])(told)).toBe(false)
  })

  test('each phone has its own, in its own order', () => {
    const other = line(4, { device: 'e' })
    expect(chainsOf([second, other, first])).toEqual([[first, second], [other]])
  })
})

describe('what is checked', () => {
  test('a line that was cut out has no hash here', () => {
    const cut = line(2, { bytes: null })
    const hashes = resultOf({ lines: [first, cut] }, 'hashes')
    expect(hashes).toEqual({ what: 'hashes', result: 'computed', of: [1, 2] })
    expect(resultOf({ lines: [first, cut] }, 'entries')?.result).toBe('open')
  })

  test('a hash is computed, and held against nothing', () => {
    expect(resultOf({}, 'hashes')?.result).toBe('computed')
  })

  test.each([
    ['another value', { entry: { ...first.entry, ops: [{}] } }],
    ['another time', { at: { ...first.at, phone: 6000 } }],
    ['another phone', { device: 'e' }],
    ['another place in the feed', { n: 3 }],
    ['nothing readable', { line: btoa('{"n":') }],
  ])('a line whose bytes say other than what is listed is found: %s', (_, change) => {
    expect(resultOf({}, 'entries')?.result).toBe('ok')
    const listed = { ...first, ...change } as HistoryLine
    expect(resultOf({ lines: [listed] }, 'entries')?.result).toBe('bad')
  })

  const [receipt] = first.receipts
  test.each([
    ['no receipt', []],
    ["another line's receipt", [{ ...receipt, n: 2 }]],
    ["another phone's receipt", [{ ...receipt, device: 'e' }]],
    ["another entry's receipt", [{ ...receipt, entry: 'e2' }]],
    ['a receipt from before it came', [{ ...receipt, at: 8999 }]],
    ['one receipt twice', [receipt, receipt]],
  ])('a line with %s is found', (_, receipts) => {
    expect(resultOf({}, 'receipts')?.result).toBe('ok')
    const wrong = { ...first, receipts } as HistoryLine
    expect(resultOf({ lines: [wrong] }, 'receipts')?.result).toBe('bad')
  })

  test('a line nobody can read has a receipt that names no entry', () => {
    const receipts = [{ ...receipt, entry: null }]
    const unread = { ...line(1, { bytes: '?', receipts }), entry: null } as HistoryLine
    expect(resultOf({ lines: [unread] }, 'receipts')?.result).toBe('ok')
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
    expect(checksOf(found()).map(({ what }) => what)).toEqual([
      ...['hashes', 'entries', 'chain', 'receipts'],
    ])
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
  const [one, cut, other] = ['line 1', null, 'line 2'].map((bytes, n) => line(n + 1, { bytes }))
  const text = await new Blob([...feedOf([one!, cut!, other!])]).text()
  expect(text).toBe('line 1\nline 2\n')
})
