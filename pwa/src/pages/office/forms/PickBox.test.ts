// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'
import { fakeApp, record } from '../../../../tests/fakeApp.ts'
import { APP } from '../../../app.ts'
import type { KindCode } from '../../../generated/kinds.ts'
import deskWords from '../../../text/desk/zh-CN.ts'
import { addDeskWords, createText } from '../../../text/index.ts'
import PickBox from './PickBox.vue'

const person = (id: string, name: string, fields: object = {}) =>
  record({ id, kind: 'member', fields: { name, ...fields } })
const zone = (id: string, code: string, name: string) =>
  record({ id, kind: 'zone', fields: { code, name } })

const PEOPLE = [
  person('a', '李四', { code: '003', team: 't' }),
  person('b', '李四', { code: '017' }),
  person('c', '王五', { team: 't' }),
  person('d', '王五', { team: 'u' }),
  ...['张一', '张二', '张三', '张五'].map((name, n) => person(`z${n}`, name, { code: `1${n}` })),
  record({ id: 't', kind: 'team', fields: { name: '抢险一队' } }),
  record({ id: 'u', kind: 'team', fields: { name: '抢险二队' } }),
]

beforeEach(() => vi.useFakeTimers())

async function pick(records = PEOPLE, kind: KindCode = 'member', get = vi.fn()) {
  const { app } = fakeApp(records)
  Object.assign(app, { api: { get } })
  const text = createText()
  await addDeskWords(text, deskWords)
  const page = mount(PickBox, {
    props: { kind, label: '人员', chosen: [] },
    global: { plugins: [text], provide: { [APP as symbol]: app } },
    attachTo: document.body,
  })
  const seek = async (words: string) => {
    const box = page.get('[data-testid=pick-seek]')
    await box.setValue(words)
    await vi.runAllTimersAsync()
    await flushPromises()
    return page.findAll('[role=option]').map((it) => it.text())
  }
  return { page, seek }
}

test('two of one name are told apart by their code, else by their team', async () => {
  const { seek } = await pick()
  expect(await seek('李四')).toEqual(['李四 003', '李四 017'])
  expect(await seek('王五')).toEqual(['王五 抢险二队', '王五 抢险一队'])
  expect(await seek('张一')).toEqual(['张一'])
})

test('the code of a person finds him, also where his name stands alone', async () => {
  const { seek } = await pick()
  expect(await seek('003')).toEqual(['李四 003'])
  expect(await seek('12')).toEqual(['张三'])
})

test('two zones of one short code show the whole of it', async () => {
  const { page } = await pick(
    [
      zone('a', '220300-NBH-Z03', '南河中段'),
      zone('b', '220300-XT-Z03', '新塘'),
      zone('c', '220300-NBH-Z04', '南河下段'),
    ],
    'zone',
  )
  const chips = page.findAll('button').map((it) => it.text())
  expect(chips).toEqual(['220300-NBH-Z03 南河中段', '220300-XT-Z03 新塘', 'Z04 南河下段'])
})

test('while the office is asked nothing is said of what it has', async () => {
  let answer: (found: unknown) => void = () => undefined
  const get = vi.fn(() => new Promise((resolve) => (answer = resolve)))
  const { page, seek } = await pick([], 'hazard', get)
  const said = () => page.get('[role=listbox]').text()
  await seek('六孔桥')
  expect(get).toHaveBeenCalled()
  expect(said()).toBe('正在找。')
  answer({ records: [], more: false, counts: {} })
  await flushPromises()
  expect(said()).toBe('没找到。')
  await seek('闸')
  expect(said()).toBe('正在找。')
})
