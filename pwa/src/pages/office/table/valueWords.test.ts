import { expect, test } from 'vitest'
import { kinds, type Field, type KindCode } from '../../../generated/kinds.ts'
import { titleWords, valueWords, type Speech } from './valueWords.ts'

const RECORD = '01jdrdla00ek8bla6qh8eb6nqg'
const speech: Speech = {
  lang: 'zh-CN',
  t: (key, values = {}) => [key, ...Object.values(values).map(String)].join(' '),
  unit: (code) => (code === undefined ? '' : `<${code}>`),
  name: () => '张河',
  kindOf: () => 'hazard',
}
const say = (kind: KindCode, name: string, value: unknown, among = {}) =>
  valueWords(speech, (kinds[kind].fields as Record<string, Field>)[name]!, name, value, among)

test.each<[string, KindCode, string, unknown, string]>([
  ['nothing', 'hazard', 'note', null, ''],
  ['an empty list', 'hazard', 'types', [], ''],
  ['text', 'hazard', 'note', '冲毁', '冲毁'],
  ['a number with its decimals', 'hazard', 'length_m', 12, '12.00 <m>'],
  ['zero, which is not nothing', 'hazard', 'length_m', 0, '0.00 <m>'],
  ['an integer', 'work', 'people', 4, '4 <人>'],
  ['an angle', 'hazard', 'angle_deg', 45, '45.0 <°>'],
  ['a chainage', 'hazard', 'chainage', 5860, 'K5+860'],
  ['bytes', 'photo', 'size', 320_000, '320 KB'],
  ['no', 'consent', 'given', false, 'common.no'],
  ['a choice', 'hazard', 'nature', 'acute', '险情'],
  ['a choice of a later version', 'hazard', 'nature', 'odd', 'value.unknownChoice'],
  ['choices', 'hazard', 'types', ['piping', 'crack'], '管涌form.listComma裂缝'],
  ['a time', 'reading', 'at', Date.parse('2022-07-08T06:40:31+08:00'), '2022-07-08 06:40'],
  ['a name', 'dispatch', 'leader', RECORD, '张河'],
  ['names', 'dispatch', 'members', [RECORD, RECORD], '张河form.listComma张河'],
  ['no place', 'hazard', 'place', { source: 'none' }, 'place.none'],
  ['a corner', 'zone', 'polygon', [[1, 2]], 'value.corners 1'],
  ['a hash', 'photo', 'sha256', 'ab'.repeat(32), 'value.hash abababab'],
])('%s', (_, kind, name, value, words) => expect(say(kind, name, value)).toBe(words))

test('what is in order is counted, what is not is said', () => {
  const items = [
    { item: 'radio', answer: 'ok' },
    { item: 'boats', answer: 'abnormal', note: '缺一只' },
  ]
  const said = say('handover', 'stores', items)
  expect(said).toContain('异常 缺一只')
  expect(said).toContain('form.okCount 1')
})

test('a review points at a field by its name in words, at a missing photo by what it shows', () => {
  const points = [{ field: 'length_m' }, { field: 'photo.after' }, { field: 'gone' }]
  const said = say('review', 'points', points, { target: RECORD })
  expect(said).toBe(['长', 'record.lacks 处理后', 'value.someField'].join('form.listComma'))
})

test('a record is called by what its description says, and cut before it fills the row', () => {
  expect(titleWords(speech, 'reading', { station: RECORD, z_m: 21.5 })).toBe('张河 · 21.500 <m>')
  const long = titleWords(speech, 'notice', { title: '长'.repeat(80) })
  expect(long).toHaveLength(40)
  expect(long.endsWith('…')).toBe(true)
  expect(titleWords(speech, 'notice', {})).toBe('')
})

test('a code that every object has is no choice and no field', () => {
  expect(say('hazard', 'nature', 'constructor')).toBe('value.unknownChoice')
  expect(say('review', 'points', [{ field: 'constructor' }], { target: RECORD })).not.toContain(
    'undefined',
  )
})
