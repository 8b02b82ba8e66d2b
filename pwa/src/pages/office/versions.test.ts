import type { Op } from '@hushui/sync'
import { describe, expect, test } from 'vitest'
import { changesOf, isSame, reasonOf, versionsOf } from './versions.ts'
import type { HistoryLine } from './wire.ts'

const RECORD = 'record'

interface Told {
  readonly version: number
  /** null: the line cannot be read. */
  readonly ops: readonly Op[] | null
  readonly verdict?: string
  readonly device?: string
  /** Corrected time; else in order of arrival. */
  readonly at?: number
}

let n = 0
const line = ({ version, ops, verdict = 'applied', device = 'device', at }: Told): HistoryLine =>
  ({
    ...{ device, n: ++n, author: 'zhang', version, line: null },
    at: { phone: n, corrected: at ?? n, server: n },
    entry: ops && { n, prev: '', id: `e${n}`, at: {}, ops, blobs: [] },
    receipts: [{ verdict }],
  }) as unknown as HistoryLine

const put = (set: object, kind = 'hazard', record = RECORD): Op => ({
  ...{ kind, record, act: 'put', base: {} },
  set: set as never,
})

describe('versions of a record', () => {
  test('the first one has no changes: everything is new', () => {
    const [first] = versionsOf(RECORD, [line({ version: 1, ops: [put({ length_m: 120 })] })])
    expect(first?.number).toBe(1)
    expect(first?.changes).toEqual([])
  })

  test('a later one says what stood there and what stands there now', () => {
    const versions = versionsOf(RECORD, [
      line({ version: 1, ops: [put({ length_m: 120, height_m: 2.5 })] }),
      line({ version: 2, ops: [put({ length_m: 12, height_m: 2.5 })] }),
    ])
    expect(versions.map(({ number }) => number)).toEqual([1, 2])
    expect(versions[1]?.changes).toEqual([{ field: 'length_m', before: 120, after: 12 }])
  })

  test('a review between them is no version', () => {
    const review = { ...put({ target: RECORD, decision: 'returned' }, 'review', 'review') }
    const versions = versionsOf(RECORD, [
      line({ version: 1, ops: [put({ note: 'a' })] }),
      line({ version: 1, ops: [review] }),
      line({ version: 2, ops: [put({ note: 'b' })] }),
    ])
    expect(versions).toHaveLength(2)
  })

  test('what was refused, held or lay unread counts for nothing', () => {
    const versions = versionsOf(RECORD, [
      line({ version: 1, ops: [put({ note: 'a' })] }),
      line({ version: 1, ops: [put({ note: 'x' })], verdict: 'refused' }),
      line({ version: 1, ops: null, verdict: 'quarantined' }),
      line({ version: 2, ops: [put({ note: 'b' })] }),
    ])
    expect(versions[1]?.changes).toEqual([{ field: 'note', before: 'a', after: 'b' }])
  })

  test('each of two corrections at once says its own reason, and one without has none', () => {
    const at = (id: string, note: string, correction: string | null, when: number) => {
      const set = { [id]: note, ...(correction === null ? {} : { correction }) }
      return { ops: [put(set)], device: id, at: when }
    }
    const versions = versionsOf(RECORD, [
      line({ version: 1, ops: [put({ a: '1', b: '1', c: '1' })] }),
      line({ version: 2, ...at('b', '2', 'why b', 300) }),
      line({ version: 3, ...at('a', '2', 'why a', 200) }),
      line({ version: 4, ...at('c', '2', null, 400) }),
    ])
    const reasons = versions.map((it) => reasonOf(it).reason)
    expect(reasons).toEqual([null, 'why b', 'why a', null])
  })

  test('two lines of one version are told as one, and what went back is no change', () => {
    const versions = versionsOf(RECORD, [
      line({ version: 1, ops: [put({ note: 'a', boat: 'B1' })] }),
      line({ version: 2, ops: [put({ note: 'b', boat: 'B2' })] }),
      line({ version: 2, ops: [put({ note: 'c', boat: 'B1' })] }),
    ])
    expect(versions).toHaveLength(2)
    expect(versions[1]?.changes).toEqual([{ field: 'note', before: 'a', after: 'c' }])
  })

  test('other records in the same line are left alone', () => {
    const versions = versionsOf(RECORD, [
      line({ version: 1, ops: [put({ note: 'a' }), put({ note: 'z' }, 'photo', 'photo')] }),
    ])
    expect(versions).toHaveLength(1)
  })
})

describe('a field that two changed at the same time', () => {
  const first = line({ version: 1, ops: [put({ note: 'a' })] })
  const early = line({ version: 2, ops: [put({ note: 'b' })], device: 'p', at: 100 })
  const late = line({ version: 3, ops: [put({ note: 'c' })], device: 'q', at: 200 })
  const settle = (stamp: string, version: number) => {
    const set = { field: 'note', stamp }
    const op: Op = { ...{ kind: 'hazard', record: RECORD, act: 'settle', base: {} }, set }
    return line({ version, ops: [op], device: 'office', at: 300 })
  }
  const id = ({ entry }: HistoryLine) => entry?.id ?? ''
  const told = (...lines: readonly HistoryLine[]) =>
    versionsOf(RECORD, lines).map(({ number, changes }) => [number, ...changes])

  test('settled on the one that lost is a version with that value', () => {
    expect(told(first, early, late, settle(id(early), 4)).at(-1)).toEqual([
      4,
      { field: 'note', before: 'c', after: 'b' },
    ])
  })

  test('settled on the one that stands is none', () => {
    expect(told(first, early, late, settle(id(late), 3))).toHaveLength(3)
  })

  test('keeps the later one, whichever came first', () => {
    const sooner = { ...late, version: 2 }
    expect(told(first, sooner, early, settle(id(late), 2))).toEqual([
      [1],
      [2, { field: 'note', before: 'a', after: 'c' }],
    ])
  })

  test('that had seen the other stands, whatever its clock says', () => {
    const op = { ...put({ note: 'd' }), base: { note: id(late) } }
    const seen = line({ version: 4, ops: [op], device: 'p', at: 150 })
    expect(told(first, late, seen).at(-1)).toEqual([4, { field: 'note', before: 'c', after: 'd' }])
  })
})

test('the reason stands beside the changes, not among them', () => {
  const [, second] = versionsOf(RECORD, [
    line({ version: 1, ops: [put({ note: 'a' })] }),
    line({ version: 2, ops: [put({ note: 'b', correction: '写错' })] }),
  ])
  expect(second && reasonOf(second)).toEqual({
    reason: '写错',
    changes: [{ field: 'note', before: 'a', after: 'b' }],
  })
})

test('changes of what was empty before name no older value', () => {
  expect(changesOf({}, { note: 'a', boat: null })).toEqual([
    { field: 'note', before: undefined, after: 'a' },
  ])
})

test('values are compared by content, whatever the order of their members', () => {
  expect(isSame({ lon: 1, lat: 2 }, { lat: 2, lon: 1 })).toBe(true)
  expect(isSame(['a', 'b'], ['b', 'a'])).toBe(false)
  expect(isSame([], {})).toBe(false)
  expect(isSame({ a: 1 }, { b: 1 })).toBe(false)
  expect(isSame(null, {})).toBe(false)
})
