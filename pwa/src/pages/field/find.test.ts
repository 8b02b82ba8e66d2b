import { expect, test } from 'vitest'
import type { HsRecord } from '../../app.ts'
import { finder, type Names } from './find.ts'

const names: Names = {
  named: ({ zh }) => zh,
  of: (id) => ({ z3: 'Z03 南河中段', zhang: '张河' })[id] ?? '',
}

const hazard = record('hazard', '2026-0031', {
  types: ['piping', 'crack'],
  zone: 'z3',
  chainage: 5860,
  note: '泡泉，Clear 水',
})
const work = record('work', null, { work_kind: 'canal_desilt', zone: 'z9', companions: ['zhang'] })

function record(kind: string, number: string | null, fields: object): HsRecord {
  return { id: number ?? kind, kind, number, fields } as unknown as HsRecord
}

test.each([
  ['管涌', [hazard]],
  ['裂缝', [hazard]],
  ['作业', [work]],
  ['清淤', [work]],
  ['z03', [hazard]],
  ['中段', [hazard]],
  ['张河', [work]],
  ['0031', [hazard]],
  ['K5+860', [hazard]],
  ['5+8', [hazard]],
  ['clear', [hazard]],
  ['ＣＬＥＡＲ', [hazard]],
  ['险情 泡泉', [hazard]],
  ['泡泉 清淤', []],
  ['  ', [hazard, work]],
  ['piping', []],
  ['没有的', []],
])('"%s"', (words, found) => {
  expect([hazard, work].filter(finder(words, names))).toEqual(found)
})

test('a name is asked for once, however many records bear it', () => {
  let asked = 0
  const counting = { ...names, of: (id: string) => (asked++, names.of(id)) }
  const many = Array.from({ length: 50 }, () => record('work', null, { zone: 'z3' }))
  expect(many.filter(finder('中段', counting))).toHaveLength(50)
  expect(asked).toBe(1)
})
