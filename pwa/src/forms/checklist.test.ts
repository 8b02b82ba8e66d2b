import { expect, test } from 'vitest'
import { kinds } from '../generated/kinds.ts'
import {
  fieldOfItem,
  isCheck,
  itemOfField,
  narrowed,
  unshown,
  withReason,
  workOfCheck,
  type Row,
} from './round.ts'

const asked = (values: Record<string, unknown>) =>
  (
    narrowed('work', 'checklist', kinds.work.fields.checklist, values).fields?.['item']?.choices ??
    []
  ).map(({ code }) => code)

test('a pump is asked of its pump and a line of its line', () => {
  expect(asked({ work_kind: 'pump_check' })).toHaveLength(18)
  expect(asked({ work_kind: 'pump_overhaul' })).toEqual(asked({ work_kind: 'pump_check' }))
  const line = asked({ work_kind: 'line_patrol' })
  expect(line).toHaveLength(16)
  expect(line.every((code) => code.startsWith('line_'))).toBe(true)
})

test('what was answered of another stays in sight', () => {
  const checklist = [{ item: 'packing', answer: 'ok' }]
  expect(asked({ work_kind: 'line_patrol', checklist })).toContain('packing')
})

test('a check is of a structure of its own class', () => {
  expect(workOfCheck('pump_station')).toBe('pump_check')
  expect(workOfCheck('power_line')).toBe('line_patrol')
  expect(workOfCheck('dike')).toBeUndefined()
  expect(isCheck('work', { work_kind: 'pump_check' })).toBe(true)
  expect(isCheck('work', { work_kind: 'pump_overhaul' })).toBe(false)
  expect(isCheck('patrol', { work_kind: 'pump_check' })).toBe(false)
})

const rows: readonly Row[] = [
  { item: 'toe_boils', answer: 'abnormal', note: '冒清水' },
  { item: 'toe_sand', answer: 'abnormal', note: '一处', no_photo: '没信号' },
  { item: 'toe_soft', answer: 'ok' },
  { item: 'toe_ponds', answer: 'not_checked' },
]
const items = (some: readonly Row[]) => some.map(({ item }) => item)

test('what is not in order is shown by its own photo, or says why it is not', () => {
  expect(items(unshown(rows, []))).toEqual(['toe_boils'])
  expect(items(unshown(rows, [null, fieldOfItem('toe_sand')]))).toEqual(['toe_boils'])
  expect(unshown(rows, [fieldOfItem('toe_boils')])).toEqual([])
})

test('one reason is written to all that lack a photo, and to no other', () => {
  const told = withReason(rows, unshown(rows, []), '相机坏了')
  expect(told.map(({ no_photo }) => no_photo)).toEqual(['相机坏了', '没信号', undefined, undefined])
})

test('a photo says of which item it is', () => {
  expect(itemOfField(fieldOfItem('toe_boils'))).toBe('toe_boils')
  for (const other of [null, undefined, 'level', 'photo.before']) {
    expect(itemOfField(other)).toBeUndefined()
  }
})
