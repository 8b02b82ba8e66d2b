import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Field } from '../generated/kinds.ts'
import { asks, decide, holds, inputs, isMissing } from './cel.ts'

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
  type,
  zh: '字段',
  en: 'Field',
  ...more,
})
const fields = {
  length_m: field('number'),
  count: field('integer'),
  threat: field('choices'),
  note: field('text'),
  tools: field('rows', { fields: { count: field('integer'), name: field('text') } }),
}
const given = (condition: string, values: Record<string, unknown>) =>
  holds(condition, inputs(fields, values))

describe('what a condition knows', () => {
  it('types figures as described, and names what is missing', () => {
    expect(inputs(fields, { length_m: 12, count: 3, note: ' ', tools: [{ count: 2 }] })).toEqual({
      length_m: 12,
      count: 3n,
      tools: [{ count: 2n }],
      absent: ['threat', 'note'],
    })
  })

  it('lets what is no whole number stand as it is', () => {
    expect(inputs(fields, { count: 2.5 })).toMatchObject({ count: 2.5 })
    expect(inputs(fields, { count: '3' })).toMatchObject({ count: '3' })
  })

  it.each([undefined, null, '', ' ', '\u3000\n', []])('%j is missing', (value) => {
    expect(isMissing(value)).toBe(true)
  })

  it.each([0, false, '0', '\ufeff', [0], {}])('%j is there', (value) => {
    expect(isMissing(value)).toBe(false)
  })
})

describe('a condition', () => {
  it('holds for what is known', () => {
    expect(given('length_m > 5.0 && count >= 3', { length_m: 5.1, count: 3 })).toBe(true)
    expect(given('"people" in threat', { threat: ['road', 'people'] })).toBe(true)
  })

  it('never holds for what is unknown, also when it is denied', () => {
    expect(given('length_m > 5.0', {})).toBe(false)
    expect(given('!(length_m > 5.0)', {})).toBe(false)
    expect(given('length_m > 5.0', { length_m: '6' })).toBe(false)
    expect(given('count / 0 > 1', { count: 3 })).toBe(false)
    expect(given('no such (condition', {})).toBe(false)
  })

  it('holds when the known half of an "or" does', () => {
    expect(given('length_m > 5.0 || count > 1', { count: 2 })).toBe(true)
  })

  it('asks for names, those in quotes only after absent', () => {
    expect([...asks('length_m > 5.0 && note == "threat"')]).toEqual(['length_m', 'note'])
    expect([...asks('"note" in absent')]).toContain('note')
  })

  it('takes the first row of a table that holds, passing over the unknown', () => {
    const row = (code: string, when: string) => ({ code, when, zh: code, en: code, values: {} })
    const rows = [row('far', 'length_m > 9.0'), row('many', 'count > 1'), row('any', 'true')]
    const table = { code: 'it', zh: '表', en: 'Table', source: 'test', rows }
    const decided = (values: Record<string, unknown>) => decide(table, inputs(fields, values))?.code
    expect(decided({ length_m: 10, count: 5 })).toBe('far')
    expect(decided({ count: 5 })).toBe('many')
    expect(decided({})).toBe('any')
  })
})

describe('a phone that has no Object.hasOwn', () => {
  const { hasOwn } = Object
  const set = (value: unknown) =>
    Object.defineProperty(Object, 'hasOwn', { value, configurable: true, writable: true })

  beforeEach(() => {
    vi.resetModules()
    set(undefined)
  })
  afterEach(() => {
    set(hasOwn)
  })

  it('hears its rules all the same', async () => {
    const old = await import('./cel.ts')
    expect(old.holds('length_m > 5.0', old.inputs(fields, { length_m: 6 }))).toBe(true)
  })
})
