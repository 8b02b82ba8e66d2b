import { expect, test } from 'vitest'
import { press, startTyping, typedFigure, type PadKey } from './keypad.ts'

const type = (figure: number | null, keys: string, decimals = 1, negative = false) =>
  [...keys].reduce(
    (typed, key) => press(typed, (key === '<' ? 'back' : key) as PadKey, { decimals, negative }),
    startTyping(figure, decimals),
  )

test('the first digit takes the place of the old figure', () => {
  expect(type(120, '12').text).toBe('12')
})

test('backspace keeps the old figure and shortens it', () => {
  expect(type(120, '<<<').text).toBe('12')
})

test('leading zeros do not pile up', () => {
  expect(type(null, '007').text).toBe('7')
  expect(type(null, '0.5').text).toBe('0.5')
})

test('a point alone begins with zero and comes only once', () => {
  expect(type(null, '.5').text).toBe('0.5')
  expect(type(null, '1..5').text).toBe('1.5')
})

test('no more decimals than the unit has', () => {
  expect(type(null, '1.234').text).toBe('1.2')
  expect(type(null, '1.2', 0).text).toBe('12')
})

test('a minus only where it makes sense, and twice is none', () => {
  expect(type(null, '5-').text).toBe('5')
  expect(type(null, '5-', 1, true).text).toBe('-5')
  expect(type(null, '5--', 1, true).text).toBe('5')
})

test('nine digits are enough', () => {
  expect(type(null, '1234567890').text).toBe('123456789')
})

test('without a digit there is no figure', () => {
  expect(typedFigure(type(5, '<<<'))).toBeNull()
  expect(typedFigure(type(null, '-', 1, true))).toBeNull()
  expect(typedFigure(type(null, '12.'))).toBe(12)
})
