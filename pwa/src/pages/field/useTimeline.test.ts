// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { computed, type Ref } from 'vue'
import { fakeApp, ME, record, show } from '../../../tests/fakeApp.ts'
import type { HsRecord, OwnLineView } from '../../app.ts'
import type { TimelineItem } from '../../ui/index.ts'
import { useTimeline } from './useTimeline.ts'

const HOUR = 3_600_000
const BEGAN = Date.UTC(2022, 6, 8, 1)

const line = (entry: string, hours: number, number?: number): OwnLineView =>
  ({
    ...{ entry, n: hours + 1, wall: BEGAN + hours * HOUR, records: ['record'], acts: ['put'] },
    why: null,
    receipt: number === undefined ? null : { number, at: BEGAN + hours * HOUR + 60_000 },
  }) as unknown as OwnLineView

async function told(of: Partial<HsRecord>, lines: OwnLineView[], others: HsRecord[] = []) {
  const it = record({ captured: BEGAN, ...of })
  const fake = fakeApp([it, ...others])
  fake.lines.push(...lines)
  const about: Readonly<Ref<HsRecord | null>> = computed(() => it)
  const page = { setup: () => ({ items: useTimeline('record', about) }), render: () => null }
  const { page: wrapper } = await show(page, {}, fake)
  const { items } = wrapper.vm as unknown as { items: readonly TimelineItem[] }
  return items.map(({ act, caption, local }) => [act, caption, local ?? false])
}

it('own lines come in their order, each with where it is', async () => {
  const elsewhere = { ...line('c', 2, 8), records: ['other'] }
  expect(await told({}, [line('b', 1), elsewhere, line('a', 0, 7)])).toEqual([
    ['上报', '单位 2022年7月8日 09:01 收到 · 收据号 7', false],
    ['补充或更正', '单位还没收到', true],
  ])
})

it('H03 a line that a restored server judged otherwise says what it said before', async () => {
  const judged = (former: OwnLineView['former'], verdict: string) => {
    const own = line('a', 0, 7)
    return { ...own, former, receipt: { ...own.receipt, verdict } } as OwnLineView
  }
  const captions = async (...of: Parameters<typeof judged>) =>
    (await told({}, [judged(...of)])).map(([, caption]) => caption)
  expect(await captions('applied', 'refused')).toEqual([
    '单位 2022年7月8日 09:01 收到 · 收据号 7 · 单位恢复了备份，又判了一次：上次收下了，这次没受理',
  ])
  expect(await captions(null, 'refused')).toEqual(['单位 2022年7月8日 09:01 收到 · 收据号 7'])
})

it('what was reported on another phone begins with its author', async () => {
  const [first, own] = await told({ author: ME }, [line('b', 1, 9)])
  expect(first).toEqual(['张河 上报', undefined, false])
  expect(own).toEqual(['补充或更正', '单位 2022年7月8日 10:01 收到 · 收据号 9', false])
})

it('a review stands where it was given, with its reason', async () => {
  const review = record({
    ...{ id: 'review', kind: 'review', author: ME, captured: BEGAN + HOUR / 2 },
    fields: { target: 'record', decision: 'returned', reason: '请再量一次。' },
  })
  const items = await told({}, [line('a', 0, 7), line('b', 1, 8)], [review])
  expect(items.map(([act]) => act)).toEqual(['上报', '张河 退回补正', '补充或更正'])
  expect(items[1]?.[1]).toBe('请再量一次。')
})

it('a line of a patrol says what was found at the point, or that it went on', async () => {
  const point = record({ id: 'point', kind: 'checkpoint', fields: { number: 3, name: '六孔桥' } })
  const visit = { type: 'visit', checkpoint: 'point', result: 'normal', at: BEGAN, note: null }
  const adds = [{ ...{ entry: 'b', device: 'phone', author: ME, captured: BEGAN }, set: visit }]
  const lines = [line('a', 0, 7), line('b', 1, 8), line('c', 2, 9)]
  const items = await told({ kind: 'patrol', adds }, lines, [point])
  expect(items.map(([act]) => act)).toEqual(['开始巡查', '巡查点 3 · 六孔桥 正常', '记下一段'])
})
