import { describe, expect, it } from 'vitest'
import { wrongs, type Values } from './engine.ts'
import { leftovers, notedIn, remaining, remembered, type KnownFields } from './version.ts'

/** As an older app wrote them: `bag_size` is no field now, `gold` no choice of any field. */
const BAG = { type: 'number', zh: '袋容', en: 'Size of a bag', unit: 'L' } as const
const WEEDED = { work_kind: 'canal_weed', area_m2: 640 }
const sorts = (values: Values, known: KnownFields = {}, isOlder = true) =>
  leftovers('work', values, known, isOlder).map(({ name, sort, value }) => [name, sort, value])

describe('what an older form asked and this one does not', () => {
  it('is a field that goes along', () => {
    const values = { ...WEEDED, bag_size: 40 }
    expect(sorts(values)).toEqual([['bag_size', 'field', 40]])
    expect(wrongs('work', values)).toEqual([])
  })

  it('is not spoken of in a draft of this form, where another app wrote it', () => {
    expect(sorts({ ...WEEDED, bag_size: 40 }, {}, false)).toEqual([])
  })

  it('is a field that is not shown any more', () => {
    expect(sorts({ ...WEEDED, weight_t: 0.8 })).toEqual([['weight_t', 'hidden', 0.8]])
    expect(sorts({ ...WEEDED, weight_t: 0.8 }, {}, false)).toEqual([])
  })

  it('is nothing where nobody filled it in', () => {
    expect(sorts({ ...WEEDED, bag_size: null, weight_t: ' ' })).toEqual([])
  })
})

describe('a choice that is gone', () => {
  it('has no place, in whatever draft it is', () => {
    expect(sorts({ work_kind: 'line_guard', kv: '999' }, {}, false)).toEqual([
      ['kv', 'choice', '999'],
    ])
  })

  it('of several leaves the others', () => {
    const values = { types: ['piping', 'gold'], nature: 'acute' }
    const [gone] = leftovers('hazard', values, {}, true)
    expect(gone).toMatchObject({ name: 'types', value: ['gold'] })
    expect(remaining(values, gone!)).toEqual(['piping'])
    expect(remaining({ types: ['gold'] }, gone!)).toBeUndefined()
  })

  it('of a row takes the row along', () => {
    const [kept, gone] = [
      { item: 'packing', answer: 'ok' },
      { item: 'gold', answer: 'ok' },
    ]
    const values = { work_kind: 'pump_overhaul', checklist: [kept, gone] }
    const [left] = leftovers('work', values, {}, true)
    expect(left?.value).toEqual([gone])
    expect(remaining(values, left!)).toEqual([kept])
  })

  it('stops the draft until somebody says where it goes', () => {
    const values = { types: ['piping', 'gold'], nature: 'acute' }
    const stops = (it: Values) => wrongs('hazard', it).map(({ code }) => code)
    expect(stops(values)).toEqual(['unknown_choice'])
    expect(stops({ ...values, types: ['piping'] })).toEqual([])
  })
})

describe('a field that is of another type now', () => {
  it('cannot be shown, and is not dropped', () => {
    expect(sorts({ ...WEEDED, area_m2: '六百' })).toEqual([['area_m2', 'choice', '六百']])
    expect(sorts({ ...WEEDED, tools: 'rake' })).toEqual([['tools', 'choice', 'rake']])
  })
})

it('what is required now is asked for as in any other draft', () => {
  expect(wrongs('work', { work_kind: 'line_clear', trees: 2 })).toEqual([
    { field: 'kv', code: 'required' },
  ])
})

describe('what is filled in', () => {
  it('is remembered with its words, and of its choices those that were made', () => {
    const known = remembered('work', { work_kind: 'canal_weed', area_m2: 640, note: '' }, {})
    expect(known).toEqual({
      work_kind: {
        ...{ type: 'choice', zh: '作业', en: 'Work' },
        choices: [{ code: 'canal_weed', zh: '渠道除草', en: 'Canal weeding' }],
      },
      area_m2: { type: 'number', zh: '面积', en: 'Area', unit: 'm2' },
    })
  })

  it('keeps the words of a field and of a choice that are gone', () => {
    const gold = { code: 'gold', zh: '金', en: 'Gold' }
    const types = { type: 'choices', zh: '类型', en: 'Types', choices: [gold] } as const
    const values = { types: ['piping', 'gold'], bag_size: 40 }
    const known = remembered('hazard', values, { types, bag_size: BAG })
    expect(known['bag_size']).toEqual(BAG)
    expect(known['types']?.choices?.map(({ code }) => code)).toEqual(['piping', 'gold'])
    expect(leftovers('hazard', values, known, true).map((it) => it.known?.zh)).toEqual([
      known['types']?.zh,
      '袋容',
    ])
  })

  it('is forgotten with what stood there', () => {
    expect(remembered('work', { ...WEEDED, bag_size: null }, { bag_size: BAG })).not.toHaveProperty(
      'bag_size',
    )
  })
})

describe('the note', () => {
  it('takes what has no place, after what stands there', () => {
    expect(notedIn('work', { note: '下雨' }, '袋容：40')).toBe('下雨\n袋容：40')
    expect(notedIn('work', {}, '袋容：40')).toBe('袋容：40')
  })

  it('is never overfull', () => {
    expect(notedIn('work', { note: '好'.repeat(299) }, '袋容：40')).toBeNull()
    expect(notedIn('notice', {}, '袋容：40')).toBeNull()
  })
})
