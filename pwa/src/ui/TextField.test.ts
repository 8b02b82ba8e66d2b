// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { createText } from '../text/index.ts'
import TextField from './TextField.vue'

async function field(text: string, maxLength: number) {
  const page = mount(TextField, {
    props: { label: '说明', rows: 2, maxLength, modelValue: text },
    global: { plugins: [createText()] },
  })
  await import('./TextCount.vue')
  await flushPromises()
  return page
}
const said = (page: Awaited<ReturnType<typeof field>>) => page.find('[data-testid=letters]')

test('keeps what is too long, and says by how much', async () => {
  const page = await field('堤'.repeat(400), 300)
  const box = page.get('textarea')
  expect(box.attributes('maxlength')).toBeUndefined()
  expect(box.element.value).toHaveLength(400)
  expect(said(page).text()).toBe('多了 100 字，删短再交')
  expect(box.attributes('aria-invalid')).toBe('true')
})

test('counts before the end, as the server counts: an emoji is one letter', async () => {
  expect(said(await field('堤'.repeat(200), 300)).exists()).toBe(false)
  expect(said(await field('堤'.repeat(290), 300)).text()).toBe('还能写 10 字')
  const page = await field('😀'.repeat(300), 300)
  expect(said(page).text()).toBe('还能写 0 字')
  expect(page.get('textarea').attributes('aria-invalid')).toBeUndefined()
})
