import { describe, expect, it } from 'vitest'
import examples from '../../../sync/vectors/kinds.json' with { type: 'json' }
import type { Field, Kind, KindCode } from '../generated/kinds.ts'
import { kindOf } from './field.ts'
import { broken, faultIn, faults, validate } from './validate.ts'

type Values = Record<string, unknown>

interface Examples {
  readonly valid: Values
  readonly wrong: readonly {
    readonly fields: Values
    readonly code: string
    readonly field: string
  }[]
}

const all = Object.entries(examples as unknown as Record<string, Examples>) as [
  KindCode,
  Examples,
][]
const wrong = all.flatMap(([kind, it]) => it.wrong.map((one) => [kind, one] as const))

/** As the server answers: the fault, else what blocks, else what asks. */
function refusal(kind: KindCode, values: Values) {
  const fault = validate(kindOf(kind).fields, values, { isNew: true })
  if (fault !== null) return fault
  const rules = broken(kindOf(kind), values, { isNew: true })
  const block = rules.find((rule) => rule.effect === 'block')
  return block === undefined ? null : { code: 'blocked', field: block.field }
}

describe('the examples of the kinds', () => {
  it.each(all)('%s: the valid one is valid', (kind, { valid }) => {
    expect(refusal(kind, valid)).toBeNull()
  })

  it.each(wrong)('%s: a wrong one is refused with its code and field', (kind, it) => {
    expect(refusal(kind, it.fields)).toEqual({ code: it.code, field: it.field })
  })
})

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
  type,
  zh: '字段',
  en: 'Field',
  ...more,
})

describe('a value', () => {
  it('has as many characters as one sees, not as UTF-16 counts', () => {
    const text = field('text', { length: 2 })
    expect(faultIn(text, '😀😀')).toBeNull()
    expect(faultIn(text, '😀😀堤')).toBe('too_long')
  })

  it('fits its pattern whole, with the digits 0 to 9 only', () => {
    const code = field('text', { pattern: 'Z\\d{2}|AA' })
    expect(faultIn(code, 'Z03')).toBeNull()
    for (const text of ['Z03\n', 'Z0３', 'Z034', 'xAA']) {
      expect(faultIn(code, text)).toBe('wrong_type')
    }
  })

  it('may stand on its limits', () => {
    const hours = field('number', { min: 0, max: 24 })
    expect([0, 24].map((it) => faultIn(hours, it))).toEqual([null, null])
    for (const it of [-0.01, 24.01, Number.NaN]) expect(faultIn(hours, it)).toBe('out_of_range')
    expect(faultIn(hours, true)).toBe('wrong_type')
  })

  it('says honestly that there is no position', () => {
    expect(faultIn(field('geo'), { source: 'none' })).toBeNull()
    expect(faultIn(field('geo'), { source: 'gps' })).toBe('wrong_type')
    expect(faultIn(field('geo'), { source: 'gps', lon: 0, lat: 91 })).toBe('out_of_range')
  })
})

const kind: Kind = {
  ...kindOf('review'),
  fields: {
    decision: field('text', { required: true }),
    reason: field('text', { needed: 'decision == "returned"' }),
    hours: field('number', { max: 24 }),
  },
  rules: [
    { code: 'long', effect: 'ask', field: 'hours', when: 'hours > 12.0', zh: '久', en: 'Long' },
  ],
}

describe('an edit', () => {
  const after = { decision: 'returned', hours: 13 }

  it('is held to a condition only when it touches what that asks for', () => {
    const fault = { field: 'reason', code: 'required' }
    expect(validate(kind.fields, { hours: 1 }, { isNew: false, after })).toBeNull()
    expect(validate(kind.fields, { decision: 'returned' }, { isNew: false, after })).toEqual(fault)
    expect(validate(kind.fields, { reason: null }, { isNew: false, after })).toEqual(fault)
  })

  it('hears only the rules about what it writes', () => {
    const codes = (values: Values) =>
      broken(kind, values, { isNew: false, after }).map((it) => it.code)
    expect(codes({ hours: 13 })).toEqual(['long'])
    expect(codes({ decision: 'returned' })).toEqual([])
  })

  it('shows every fault at once where a form asks', () => {
    const found = [...faults(kind.fields, { hours: 25 }, { isNew: true })]
    expect(found.map((it) => it.field)).toEqual(['decision', 'hours'])
  })
})
