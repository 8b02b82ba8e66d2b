import { describe, expect, it } from 'vitest'
import { shiftOf, standing } from './labels.ts'

const at = (left: number, weight: number) => ({
  ...{ left, top: 0, right: left + 50, bottom: 20 },
  weight,
})

describe('labels of the map', () => {
  it('stand side by side', () => {
    expect(standing([at(0, 1), at(50, 1), at(100, 3)])).toEqual([true, true, true])
  })

  it('of two that collide the lighter one gives way, wherever it is in the list', () => {
    expect(standing([at(0, 0), at(30, 3), at(60, 0)])).toEqual([false, true, false])
  })

  it('of two that weigh the same the first one stands', () => {
    expect(standing([at(0, 1), at(10, 1)])).toEqual([true, false])
  })

  it('what gave way hides no other', () => {
    expect(standing([at(0, 3), at(30, 1), at(60, 0)])).toEqual([true, false, true])
  })

  it('of a zone goes up or down to lie on no symbol', () => {
    const box = { left: 0, top: 100, right: 50, bottom: 120 }
    const below = { left: 20, top: 110, right: 40, bottom: 150 }
    expect(shiftOf(box, [])).toBe(0)
    expect(shiftOf(box, [below])).toBe(-44)
    expect(shiftOf(box, [{ left: 0, top: 0, right: 50, bottom: 999 }])).toBe(0)
  })

  it('of a tick gives way to a symbol, the name of a zone does not', () => {
    const symbol = { left: 20, top: 5, right: 40, bottom: 15 }
    expect(standing([at(0, 1), at(60, 0)], [symbol])).toEqual([false, true])
    expect(standing([at(0, 2)], [symbol])).toEqual([true])
  })
})
