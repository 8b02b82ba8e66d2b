// @vitest-environment happy-dom
import type { Op } from '@hushui/sync'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { computed, defineComponent, h } from 'vue'
import { fakeApp, record, show } from '../../../../tests/fakeApp.ts'
import { APP } from '../../../app.ts'
import deskWords from '../../../text/desk/zh-CN.ts'
import { addDeskWords, createText } from '../../../text/index.ts'
import { useEvidenceWords } from '../evidenceWords.ts'
import type { Body, HistoryLine } from '../wire.ts'
import Course from './Course.vue'

const body = { ...record({ kind: 'work' }), review: null } as unknown as Body

const put = (set: object): Op => ({
  ...{ kind: 'work', record: 'record', act: 'put', base: {} },
  set: set as never,
})
const act = (act: 'del' | 'undel'): Op => ({ ...put({}), act })
const line = (n: number, version: number, ...ops: Op[]): HistoryLine =>
  ({
    ...{ device: 'phone', n, author: 'me', version, line: null },
    at: { phone: n, corrected: n, server: n },
    entry: { n, prev: '', id: `e${n}`, at: {}, ops, blobs: [] },
    receipts: [{ verdict: 'applied', number: n, code: null, field: null }],
  }) as unknown as HistoryLine

// Nobody at the office had judged it in between: all of it is version 1.
const unjudged = [1, 1, 1]
// Every line was the answer to a review: each is a version.
const judged = [1, 2, 3]
const told = ([first = 1, second = 1, third = 1]: readonly number[]) => [
  line(1, first, put({ work_kind: 'salvage' })),
  line(2, second, put({ correction: '已作废：记重了' }), act('del')),
  line(3, third, act('undel'), put({ correction: '恢复了这条记录' })),
]

it.each([
  ['before a review', unjudged],
  ['after a review', judged],
])('作废 and 恢复 stand on the timeline with their reasons, %s', async (_when, versions) => {
  const history = { record: 'record', lines: told(versions) }
  const { page } = await show(Course, { body, history }, fakeApp())
  const rows = page.findAll('li').map((it) => it.text())
  expect(rows).toHaveLength(3)
  expect(rows[1]).toContain('张河 作废')
  expect(rows[1]).toContain('记重了')
  expect(rows[2]).toContain('张河 恢复')
  expect(rows[2]).toContain('恢复了这条记录')
  expect(rows.join()).not.toContain('补记')
})

it('what was added before a review says why', async () => {
  const lines = [line(1, 1, put({ weight_t: 2 })), line(2, 1, put({ correction: '量错了' }))]
  const { page } = await show(Course, { body, history: { record: 'record', lines } }, fakeApp())
  expect(page.findAll('li')[1]?.text()).toContain('量错了')
})

it.each([
  ['before a review', unjudged],
  ['after a review', judged],
])('作废 and 恢复 stand on the page of proof with their reasons, %s', async (_when, versions) => {
  const lines = told(versions)
  const Proof = defineComponent(() => {
    const all = computed(() => lines)
    const { whatOf, changedBy } = useEvidenceWords(
      computed(() => 'record'),
      computed(() => body),
      all,
    )
    return () => lines.map((it) => h('p', `${whatOf(it)}｜${changedBy(it)}`))
  })
  const { page } = await show(Proof, {}, fakeApp())
  const [, gone, back] = page.findAll('p').map((it) => it.text())
  expect(gone).toMatch(/作废｜已作废：记重了$/)
  expect(back).toMatch(/恢复｜恢复了这条记录$/)
})

it('S11 that it left the phones stands in words on the timeline and on the page of proof', async () => {
  const left: Op = { ...put({}), act: 'leave' }
  const lines = [line(1, 1, put({ work_kind: 'salvage' })), line(2, 1, left)]
  const text = createText()
  await addDeskWords(text, deskWords)
  const global = { plugins: [text], provide: { [APP]: fakeApp().app } }
  const page = mount(Course, { props: { body, history: { record: 'record', lines } }, global })
  await flushPromises()
  expect(page.findAll('li')[1]?.text()).toContain('移出手机，单位照常保存')
  const of = (record: string) =>
    defineComponent(() => {
      const { whatOf } = useEvidenceWords(
        computed(() => record),
        computed(() => body),
        computed(() => lines),
      )
      return () => lines.map((it) => h('p', whatOf(it)))
    })
  const proof = (record: string) => mount(of(record), { global }).findAll('p')[1]?.text()
  expect(proof('record')).toMatch(/^已办结，满 90 天没有变动/)
  expect(proof('another')).not.toContain('90')
})

it('H03 a line that was judged otherwise before a backup was put back says so, with its reason', async () => {
  const of = (verdict: string, former: HistoryLine['former']): HistoryLine => {
    const [own] = told(unjudged)
    const receipts = [{ verdict, number: 1, code: verdict === 'refused' ? 'blocked' : null }]
    return { ...own, receipts, former } as unknown as HistoryLine
  }
  const lines = [
    of('refused', { verdict: 'applied', code: null }),
    of('applied', { verdict: 'refused', code: 'no_right' }),
    of('applied', { verdict: 'noop', code: 'already' }),
    of('applied', null),
  ]
  const Proof = defineComponent(() => {
    const { verdictOf } = useEvidenceWords(
      computed(() => 'record'),
      computed(() => body),
      computed(() => lines),
    )
    return () => lines.map((it) => h('p', verdictOf(it)))
  })
  const text = createText()
  await addDeskWords(text, deskWords)
  const page = mount(Proof, { global: { plugins: [text], provide: { [APP]: fakeApp().app } } })
  await flushPromises()
  const [now, then, same, first] = page.findAll('p').map((it) => it.text())
  expect(now).toMatch(/^没受理：.+ · 恢复备份以前是：已受理$/)
  expect(then).toBe('已受理 · 恢复备份以前是：没受理：这一步不归你办')
  expect(same).toBe('已受理')
  expect(first).toBe('已受理')
})
