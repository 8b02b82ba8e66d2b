import { expect, test } from 'vitest'
import { codeOf, pointOf, typedPoint, type Labelled } from './pointCode.ts'

const point = (id: string, more: Partial<Labelled['fields']> = {}, deleted = false): Labelled => ({
  ...{ id, deleted },
  fields: { zone: 'Z03', ...more },
})
const FIVE = point('0000000000000000000000000A', { number: 5, code: 'NBH-Z03-05' })
const BARE = point('0000000000000000000000000B', { number: 6 })
const THERE = point('0000000000000000000000000C', { number: 5, code: 'NBH-Z05-05', zone: 'Z05' })
const GONE = point('0000000000000000000000000D', { number: 7, code: 'NBH-Z03-07' }, true)
const ALIKE = [
  point('0000000000000000000000000E', { number: 8, code: 'NBH-TWICE' }),
  point('0000000000000000000000000F', { number: 9, code: 'NBH-TWICE' }),
]
const AGAIN = point('0000000000000000000000000G', { number: 10, code: 'NBH-Z03-10' })
const REPLACED = point('0000000000000000000000000H', { number: 10, code: 'NBH-Z03-10' }, true)
const ALL = [FIVE, BARE, THERE, GONE, ...ALIKE, AGAIN, REPLACED]

const scan = (text: string, signed: readonly string[] = []) =>
  pointOf(text, ALL, 'Z03', (id) => signed.includes(id))
const type = (text: string) => typedPoint(text, ALL, 'Z03', () => false)

test.each<[string, string, ReturnType<typeof scan>]>([
  ['its code', 'NBH-Z03-05', { is: 'point', point: FIVE }],
  ['as some readers give it', ' nbh-z03-05\n', { is: 'point', point: FIVE }],
  ['one without a code by its id', codeOf(BARE), { is: 'point', point: BARE }],
  ['of another zone', 'NBH-Z05-05', { is: 'elsewhere', point: THERE }],
  ['of a point that was made void', 'NBH-Z03-07', { is: 'void' }],
  ['the void one does not hide the one that stands', 'NBH-Z03-10', { is: 'point', point: AGAIN }],
  ['given twice', 'NBH-TWICE', { is: 'several' }],
  ['something else', 'https://example.org/enrol#code=12345678', { is: 'unknown' }],
  ['nothing', '', { is: 'unknown' }],
  ['a number is no code on a label', '5', { is: 'unknown' }],
])('a label says which point it is: %s', (_, text, found) => {
  expect(scan(text)).toEqual(found)
})

test('what is signed already is said to be', () => {
  expect(scan('NBH-Z03-05', [FIVE.id])).toEqual({ is: 'signed', point: FIVE })
})

test.each<[string, ReturnType<typeof scan>]>([
  ['5', { is: 'point', point: FIVE }],
  ['０５', { is: 'point', point: FIVE }],
  ['6', { is: 'point', point: BARE }],
  ['7', { is: 'void' }],
  ['99', { is: 'unknown' }],
  ['nbh-z03-05', { is: 'point', point: FIVE }],
])('typed by hand, the number within the zone does too: %s', (text, found) => {
  expect(type(text)).toEqual(found)
})

test('where no zone is walked no point is of it', () => {
  expect(pointOf('NBH-Z03-05', ALL, null, () => false).is).toBe('elsewhere')
})
