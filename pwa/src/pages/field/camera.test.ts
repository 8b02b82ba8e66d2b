// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { fakeApp, show } from '../../../tests/fakeApp.ts'
import type { DraftPhoto, OpenDraft, PhotoOutcome } from '../../app.ts'
import CameraPage from './CameraPage.vue'

async function callReport() {
  const fake = fakeApp()
  const { id } = (await fake.app.drafts.open('hazard', { page: { after: 'submit' } })).data
  const did: string[] = []
  let develop: (outcome: PhotoOutcome) => void = () => undefined
  const { resume } = fake.app.drafts
  const drafts = fake.app.drafts as { resume: (id: string) => Promise<OpenDraft | null> }
  drafts.resume = async (one) => {
    const draft = await resume(one)
    return (
      draft && {
        ...draft,
        addFile: () => new Promise((resolve) => (develop = resolve)),
        submit: async () => {
          did.push('submit')
          return draft.submit()
        },
        remove: async () => {
          did.push('remove')
          return draft.remove()
        },
      }
    )
  }
  const photos = fake.app.photos as unknown as { openCamera: () => Promise<object> }
  photos.openCamera = async () => ({ ok: false, reason: 'none' })
  const { page, router } = await show(CameraPage, { draft: id }, fake)
  await flushPromises()
  const picker = page.get('[data-testid=system-camera-file]')
  Object.defineProperty(picker.element, 'files', { value: [new File(['x'], 'x.jpg')] })
  await picker.trigger('change')
  const photo = { sha256: 'a', slot: 'scene' } as DraftPhoto
  const developed = async () => {
    fake.taken.value = [photo]
    develop({ ok: true, photo })
    await flushPromises()
    await flushPromises()
  }
  return { page, router, did, developed }
}

it('the call report goes out with its photo', async () => {
  const { did, developed, router } = await callReport()
  await developed()
  expect(did).toEqual(['submit'])
  expect(router.currentRoute.value.name).toBe('saved')
})

it('X while the photo develops sends nothing, and the draft keeps the photo', async () => {
  const { page, router, did, developed } = await callReport()
  await page.get('[data-testid=camera-leave]').trigger('click')
  await flushPromises()
  expect(did).toEqual([])
  await developed()
  expect(did).toEqual([])
  expect(router.currentRoute.value.name).toBe('draft')
})
