// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { createText } from '../text/index.ts'
import LedgerBar from './LedgerBar.vue'

type Props = InstanceType<typeof LedgerBar>['$props']
const show = (props: Props) => mount(LedgerBar, { props, global: { plugins: [createText()] } })

test('offline is a fact with what is unsent, and the whole bar opens the list', async () => {
  const bar = show({ state: 'offline', records: 3, photos: 7 })
  expect(bar.get('.fact').text()).toBe('离线，可继续工作')
  expect(bar.get('.unsent').text().replace(/\s+/g, ' ')).toBe('未传 3 条 · 7 图')
  await bar.get('button').trigger('click')
  expect(bar.emitted('open')).toHaveLength(1)
})

test('moving shows how far, and says it aloud only once', async () => {
  const bar = show({ state: 'moving', records: 3, photos: 0, done: 1, total: 5 })
  expect(bar.get('.fact').text()).toBe('正在上传 1/5')
  const said = bar.get('[role=status]').text()
  await bar.setProps({ done: 2 })
  expect(bar.get('.fact').text()).toBe('正在上传 2/5')
  expect(bar.get('[role=status]').text()).toBe(said)
})

test('when the office has everything no count is left', () => {
  const bar = show({ state: 'done', records: 0, photos: 0, time: '11:40' })
  expect(bar.get('.fact').text()).toBe('单位都已收到 · 11:40')
  expect(bar.text()).not.toContain('未传 ')
})

test('what the office did not accept is not all received', () => {
  const bar = show({ state: 'unaccepted', records: 0, photos: 0, time: '11:40' })
  expect(bar.get('.fact').text()).toBe('未受理')
  expect(bar.text()).not.toContain('都已收到')
  expect(bar.get('button').classes()).not.toContain('done')
})
