// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { reactive, ref } from 'vue'
import { fakeApp, show } from '../../../tests/fakeApp.ts'
import type { Patrol } from '../../generated/kinds.ts'
import PatrolEndPage from './PatrolEndPage.vue'

/** A round of an hour that ends now, with what was said of it. */
async function ending(said: Partial<Patrol>) {
  const fake = fakeApp()
  const active = reactive({
    ...{ record: 'patrol', zone: null, paused: false, recording: 'on', awake: false },
    ...{ started: fake.app.now.value - 3_600_000, distance_m: 900, near: null, said },
    ...{ track: [[124.3, 43.1]], gaps: [], visits: [] },
  })
  const end = vi.fn().mockResolvedValue({ n: 1, entry: 'entry', hash: 'hash', wall: 0 })
  const say = (more: Partial<Patrol>) =>
    Object.assign(active, { said: { ...active.said, ...more } })
  Object.assign(fake.app, { patrol: { active: ref(active), say, end } })
  const { page } = await show(PatrolEndPage, {}, fake)
  const submit = async () => {
    await page.get('[data-testid=patrol-submit] button').trigger('click')
    await flushPromises()
  }
  return { page, submit, end, say }
}

it('says which item lacks its words, at the item and beside the button', async () => {
  const seen = vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockImplementation(() => undefined)
  const checklist: Patrol['checklist'] = [
    { item: 'toe_sand', answer: 'ok' },
    { item: 'toe_boils', answer: 'abnormal' },
  ]
  const { page, submit, end } = await ending({ checklist })
  expect(page.find('[data-testid=stops]').exists()).toBe(false)
  await submit()
  expect(end).not.toHaveBeenCalled()
  const stops = page.get('[data-testid=stops]')
  expect(stops.text()).toBe('还不能交：“堤脚：泡泉”没写说明。')
  expect(seen.mock.contexts[0]).toBe(stops.element)
  expect(page.get('[data-item=toe_boils]').text()).toContain('“堤脚：泡泉”没写说明')
  expect(page.text()).not.toContain('“检查项目”没填')
  await page.get('[data-item=toe_boils] input').setValue('冒清水')
  await submit()
  expect(end).not.toHaveBeenCalled()
  const sheet = document.querySelector('[data-testid=no-photo-sheet]')!
  expect(sheet.textContent).toContain('没拍照：堤脚：泡泉')
  sheet.querySelector<HTMLElement>('.hs-chips button')!.click()
  await flushPromises()
  expect(end).toHaveBeenCalledOnce()
})

it('keeps what is too long, and says so instead of cutting it', async () => {
  const { page, submit, end, say } = await ending({})
  const summary = page.get(
    '[data-testid=field-summary] textarea, [data-testid=field-summary] input',
  )
  await summary.setValue('水'.repeat(501))
  await submit()
  expect(page.get('[data-testid=stops]').text()).toContain('太长')
  expect(end).not.toHaveBeenCalled()
  say({ summary: '水退了' })
  await submit()
  expect(end).toHaveBeenCalledOnce()
})
