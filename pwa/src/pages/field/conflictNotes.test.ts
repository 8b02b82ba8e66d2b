// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import { fakeApp, ME, record, show, type FakeApp } from '../../../tests/fakeApp.ts'
import { StorageFull, type HsRecord, type Status } from '../../app.ts'
import RecordPage from './RecordPage.vue'
import RecordsPage from './RecordsPage.vue'
import TasksPage from './TasksPage.vue'

const lost = { field: 'length_m', value: 12, entry: 'lost', device: 'p', author: 'li', eff: 0 }
const stands = { author: 'sun', device: 'q', eff: Date.parse('2026-11-22T13:40+08:00') }
const contested = (values: Partial<HsRecord> = {}) =>
  record({
    fields: { length_m: 120, types: ['scour'] } as unknown as HsRecord['fields'],
    stamps: { length_m: 'won' },
    conflicts: [{ ...lost, winner: 'won', stands }],
    ...values,
  })

function phone(values: Partial<HsRecord> = {}, receipt: unknown = null): FakeApp {
  const fake = fakeApp([contested(values)])
  const names: Record<string, string> = { li: '李岸', sun: '孙堤' }
  fake.app.records.nameOf = (person) => names[person] ?? ''
  Object.assign(fake.app, { receiptOf: async () => receipt })
  return fake
}

const open = async (fake: FakeApp) => (await show(RecordPage, { record: 'record' }, fake)).page
type Page = Awaited<ReturnType<typeof open>>

async function settle(page: Page, side: number) {
  await page.findAll('[data-testid=conflict] input[type=radio]')[side]!.trigger('click')
  await page.get('[data-testid=conflict-settle] button').trigger('click')
  await flushPromises()
}

describe('a conflict on the phone', () => {
  test('shows both values, who wrote them and when', async () => {
    const page = await open(phone())
    const said = page.get('[data-testid=conflict]').text()
    expect(said).toContain('两个人同时改了“长”')
    expect(said).toMatch(/120\.00 米.*现在用的 · 孙堤 13:40/)
    expect(said).toMatch(/12\.00 米.*李岸/)
  })

  test('is settled in two taps, without signal too', async () => {
    const fake = phone()
    const page = await open(fake)
    await settle(page, 1)
    const set = { field: 'length_m', stamp: 'lost' }
    expect(fake.submitted.map(({ ops }) => ops)).toMatchObject([[{ act: 'settle', set }]])
    expect(page.get('[data-testid=conflict-told]').text()).toContain('“长”定为 12.00 米 · 待发出')
  })

  test('says when the office has it, and leaves a refusal to 未受理', async () => {
    const told = async (verdict: string) => {
      const page = await open(phone({}, { verdict, code: null }))
      await settle(page, 0)
      return page.find('[data-testid=conflict-told]')
    }
    expect((await told('applied')).text()).toContain('另一份留在经过里')
    expect((await told('refused')).exists()).toBe(false)
  })

  test('stays as it is, and says so, where there is no room for the decision', async () => {
    const fake = phone()
    fake.app.submit = () => Promise.reject(new StorageFull())
    const page = await open(fake)
    await settle(page, 1)
    expect(page.text()).toContain('手机空间满了')
    expect(page.find('[data-testid=conflict]').exists()).toBe(true)
  })

  test('is only shown to whoever may not settle it', async () => {
    const page = await open(phone({ author: 'li' }))
    expect(page.get('[data-testid=conflict]').text()).toContain('值班室会定')
    expect(page.find('[data-testid=conflict-settle]').exists()).toBe(false)
    const officer = phone({ author: 'li' })
    Object.assign(officer.app.session.value, { rights: { office: true } })
    expect((await open(officer)).find('[data-testid=conflict-settle]').exists()).toBe(true)
  })

  test('waits in the tray for whoever may settle it, once', async () => {
    const rows = async (values: Partial<HsRecord>) => {
      const { page } = await show(TasksPage, {}, phone(values))
      return page.findAll('[data-testid=todo-conflict]').map((it) => it.text())
    }
    expect(await rows({ author: 'li' })).toEqual([])
    expect(await rows({ author: ME })).toEqual([expect.stringContaining('同时改了 1 处')])
    const unaccepted: Status = {
      ...{ state: 'unaccepted', code: 'no_right', verdict: 'refused', field: null },
      ...{ entry: 'e', waits: null },
    }
    expect(await rows({ status: unaccepted })).toEqual([])
  })

  test('is marked among the own records', async () => {
    const { page } = await show(RecordsPage, {}, phone())
    await page
      .findAll('[data-testid=records-tabs] button, [data-testid=records-tabs] input')
      .at(-1)!
      .trigger('click')
    await flushPromises()
    expect(page.get('[data-testid=record-row]').text()).toContain('两人同时改')
  })
})

test('a line without fields that was not taken is given up, not put right', async () => {
  const status: Status = {
    ...{ state: 'unaccepted', code: 'no_right', verdict: 'refused', field: null },
    ...{ entry: 'e', waits: null },
  }
  const offers = async (act: 'settle' | 'put') => {
    const fake = phone({ status })
    const about = {
      n: 1,
      entry: 'e',
      hash: '',
      records: ['record'],
      kinds: ['hazard'],
      acts: [act],
      former: null,
    }
    fake.lines.push({
      ...about,
      wall: 0,
      bytes: 0,
      photos: 0,
      why: null,
      receipt: null,
      settled: false,
    })
    const page = await open(fake)
    return ['abandon', 'repair'].filter((it) =>
      page.find(`[data-testid=unaccepted-${it}]`).exists(),
    )
  }
  expect(await offers('settle')).toEqual(['abandon'])
  expect(await offers('put')).toEqual(['abandon', 'repair'])
})
