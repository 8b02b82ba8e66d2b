// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { createText } from '../text/index.ts'
import RecordFields from './RecordFields.vue'

const canal = {
  work_kind: 'canal_desilt',
  length_m: 320,
  width_m: 1.2,
  depth_m: 0.3,
  volume_m3: 250,
}
const form = (values: Record<string, unknown>, sure: readonly string[] = []) =>
  mount(RecordFields, {
    props: {
      kind: 'work',
      values,
      sure,
      labelOf: (name: string) => name,
      unitOf: (unit: string | undefined) => unit ?? '',
      people: [{ id: '00000000000000000000000012', name: '王秀兰' }],
    },
    global: { plugins: [createText()] },
  })

test('asks about a volume that does not fit, offers the product, and takes a word for it', async () => {
  const page = form(canal)
  expect(page.find('[data-testid="volume-doubt"]').text()).toContain('115.2')
  await page.find('[data-testid="volume-change"] button').trigger('click')
  await page.find('[data-testid="volume-sure"] button').trigger('click')
  expect(page.emitted('set')).toEqual([['volume_m3', 115.2]])
  expect(page.emitted('sure')).toEqual([['volume_mismatch']])
  expect(form(canal, ['volume_mismatch']).find('[data-testid="volume-doubt"]').exists()).toBe(false)
})

test('asks what any other rule of the kind asks, in its words', async () => {
  const page = form({ work_kind: 'pump_overhaul', bearing: 'sliding', temp_c: 80 })
  const doubt = page.find('[data-testid="doubt-bearing_hot"]')
  await doubt.find('[data-testid="sure-bearing_hot"] button').trigger('click')
  expect(page.emitted('sure')).toEqual([['bearing_hot']])
})

test('names a person where a field wants one', async () => {
  const page = form({ work_kind: 'line_clear', kv: '10' })
  const watcher = page.find('[data-testid="field-watcher"]')
  await watcher.find('button').trigger('click')
  expect(page.emitted('set')).toEqual([['watcher', '00000000000000000000000012']])
})

test.each([
  [30, '正常'],
  [36, '换班轮休'],
  [38, '最热 3 小时不作业'],
  [41, '停止室外作业'],
])('says beside %d ℃ what such heat asks for', (air_temp_c, words) => {
  const page = form({ work_kind: 'canal_weed', air_temp_c })
  expect(page.find('[data-testid="advice-air_temp_c"]').text()).toContain(words)
})

test('says nothing of heat where nobody measured it', () => {
  const page = form({ work_kind: 'canal_weed' })
  expect(page.find('[data-testid="advice-air_temp_c"]').exists()).toBe(false)
})
