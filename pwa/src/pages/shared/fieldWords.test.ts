// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { fakeApp, record, show } from '../../../tests/fakeApp.ts'
import type { HsRecord } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'
import { useFieldWords } from './fieldWords.ts'
import { usePeople } from './people.ts'

const named = (id: string, kind: KindCode, fields: object) =>
  record({ id, kind, fields: fields as HsRecord['fields'] })
const member = (id: string, name: string, code: string) => named(id, 'member', { name, code })

const ALL = [
  named('zone', 'zone', { code: '220300-NBH-Z03', name: '南河中段' }),
  named('hazard', 'hazard', { types: ['piping'], zone: 'zone', chainage: 5860 }),
  named('boat', 'boat', { no: 'B07' }),
  member('a', '李四', '0031'),
  member('b', '李四', '0047'),
  member('c', '赵渠', '0052'),
]

async function inAPage<T>(use: () => T): Promise<T> {
  let words: T | undefined
  const Page = defineComponent(() => {
    words = use()
    return () => h('p')
  })
  await show(Page, {}, fakeApp(ALL))
  return words!
}

it.each<[KindCode, string, unknown, string]>([
  ['verification', 'target', 'hazard', '管涌 · Z03 K5+860'],
  ['hazard_report', 'hazard', 'hazard', '管涌 · Z03 K5+860'],
  ['verification', 'target', 'nowhere', '这部手机上没有的一条'],
  ['work', 'boat_ref', 'boat', 'B07'],
  ['work', 'watcher', 'c', '赵渠'],
  ['work', 'watcher', 'nobody', '不知道是谁'],
  ['hazard', 'zone', 'zone', 'Z03 南河中段'],
  ['work', 'work_kind', 'digging', '新版本的选项'],
])('%s.%s names what it points at', async (kind, name, value, said) => {
  const { value: words } = await inAPage(useFieldWords)
  expect(words(kind, name, value)).toBe(said)
})

it('says every row of a list, whatever it is a list of', async () => {
  const { value } = await inAPage(useFieldWords)
  const { kinds } = await import('../../generated/kinds.ts')
  const rows = Object.entries(kinds).flatMap(([kind, it]) =>
    Object.entries(it.fields).flatMap(([name, field]) =>
      field.type === 'rows' ? [{ kind: kind as KindCode, name, field }] : [],
    ),
  )
  expect(rows.length).toBeGreaterThan(5)
  for (const { kind, name, field } of rows) {
    const parts = Object.entries((field as { fields: Record<string, Part> }).fields)
    const row = Object.fromEntries(parts.map(([part, it]) => [part, one(it)]))
    expect(value(kind, name, [row]), `${kind}.${name}`).not.toBe('')
  }
})

interface Part {
  readonly type: string
  readonly choices?: readonly { readonly code: string }[]
}

function one({ type, choices }: Part): unknown {
  if (type === 'number' || type === 'integer' || type === 'time') return 2
  if (type === 'bool') return true
  if (type === 'choice') return choices!.at(-1)!.code
  return type === 'text' ? '两句话' : 'hazard'
}

it('has a word for every unit, and no code of one', async () => {
  const { unit } = await inAPage(useFieldWords)
  const { kinds } = await import('../../generated/kinds.ts')
  const units = new Set(
    Object.values(kinds).flatMap((it) =>
      Object.values(it.fields).flatMap((field) => ('unit' in field ? [field.unit] : [])),
    ),
  )
  const asItIs = ['%', 'B', '']
  for (const code of units) {
    if (!asItIs.includes(code)) expect(unit(code), code).toMatch(/^[\u4e00-\u9fff℃°/]+$/)
  }
})

it.each<[string, object, string]>([
  ['canal_desilt', { length_m: 320, volume_m3: 118 }, '118.0 立方米'],
  ['bank_clean', { weight_kg: 42.5, bags: 12 }, '42.5 千克'],
  ['tree_planting', { trees: 30, area_m2: 600 }, '30 棵'],
  ['line_patrol', { length_km: 3.2, spans: 6 }, '3.20 千米'],
  ['emergency_repair', { stone_m3: 48 }, '48.0 立方米'],
  ['emergency_repair', { bags: 200 }, '200 条'],
  ['salvage', { boat_trips: 3, weight_t: 0.85 }, '0.850 吨'],
  ['line_clear', { clearance_after_m: 3.4 }, ''],
])('a caption says how much was done: %s', async (work_kind, fields, said) => {
  const { amount } = await inAPage(useFieldWords)
  expect(amount('work', { work_kind, ...fields })).toBe(said)
})

it.each([
  ['2030-01-01T08:00', '2030年1月1日 08:00', '2030年1月1日 周二 08:00'],
  ['2026-07-08T06:40', '7月8日 06:40', '7月8日 周三 06:40'],
  ['2026-11-22T06:40', '06:40', '11月22日 周日 06:40'],
])('a day of another year has its year: %s', async (at, short, long) => {
  const { moment, value } = await inAPage(useFieldWords)
  expect(moment(Date.parse(`${at}+08:00`))).toBe(short)
  expect(value('reading', 'at', Date.parse(`${at}+08:00`))).toBe(long)
})

it('tells two people of one name apart', async () => {
  const { colleagues } = await inAPage(usePeople)
  expect(colleagues.value.map(({ name }) => name).sort()).toEqual(
    ['李四 0031', '李四 0047', '赵渠'].sort(),
  )
})
