// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import { fakeApp, type FakeApp } from '../../../../tests/fakeApp.ts'
import { APP, StorageFull } from '../../../app.ts'
import deskWords from '../../../text/desk/zh-CN.ts'
import { addDeskWords, createText } from '../../../text/index.ts'
import type { Row } from '../wire.ts'
import ConflictBlock from './ConflictBlock.vue'

const row = (record: string): Row => {
  const lost = { field: 'note', value: 'b', entry: 'lost', device: 'p', author: 'li', eff: 0 }
  const body = { kind: 'hazard', fields: { note: 'a' }, stamps: { note: 'won' }, adds: [] }
  const conflicts = [{ ...lost, winner: 'won' }]
  return { record, rev: 'e:1', body: { ...body, conflicts } } as unknown as Row
}

const applied = { verdict: 'applied', code: null }
const refused = { verdict: 'refused', code: 'no_right' }

function deskApp(receipt: Promise<unknown>): FakeApp {
  const fake = fakeApp()
  Object.assign(fake.app, {
    receiptOf: () => receipt,
    opSettle: (kind: string, record: string, field: string, stamp: string) => ({
      ...{ kind, record, act: 'settle', set: { field, stamp }, base: {} },
    }),
    opAbandon: (record: string) => ({ kind: 'entry', record, act: 'abandon', set: {}, base: {} }),
  })
  return fake
}

async function block({ app }: FakeApp) {
  const text = createText()
  await addDeskWords(text, deskWords)
  const page = mount(ConflictBlock, {
    props: { row: row('one'), lines: [] },
    global: { plugins: [text], provide: { [APP as symbol]: app } },
    attachTo: document.body,
  })
  const settle = async () => {
    await page.findAll('[role=radio], input[type=radio]')[1]!.trigger('click')
    await page.get('[data-testid=conflict-settle] button').trigger('click')
    await flushPromises()
  }
  const told = () => page.find('[data-testid=conflict-told]')
  return { page, settle, told }
}

describe('a conflict settled', () => {
  test('is told', async () => {
    const { page, settle, told } = await block(deskApp(Promise.resolve(applied)))
    await settle()
    expect(told().text()).toContain('定为')
    expect(page.emitted('settled')).toHaveLength(1)
  })

  test('is not told on another record that is shown meanwhile', async () => {
    let answer: (receipt: unknown) => void = () => undefined
    const fake = deskApp(new Promise((resolve) => (answer = resolve)))
    const { page, settle, told } = await block(fake)
    await settle()
    expect(fake.submitted).toHaveLength(1)
    await page.setProps({ row: row('two') })
    answer(applied)
    await flushPromises()
    expect(told().exists()).toBe(false)
    expect(page.emitted('settled')).toBeUndefined()
  })

  test('that was refused and cannot be dropped on a full disk says so, and can be tried again', async () => {
    const fake = deskApp(Promise.resolve(refused))
    const { page, settle, told } = await block(fake)
    await settle()
    const { submit } = fake.app
    fake.app.submit = () => Promise.reject(new StorageFull())
    const drop = () => page.get('[data-testid=conflict-drop] button').trigger('click')
    await drop()
    await flushPromises()
    expect(told().text()).toContain('空间满了')
    expect(page.emitted('settled')).toBeUndefined()
    fake.app.submit = submit
    await drop()
    await flushPromises()
    expect(told().exists()).toBe(false)
    expect(fake.submitted.at(-1)?.ops[0]?.act).toBe('abandon')
  })
})
