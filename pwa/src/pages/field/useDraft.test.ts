// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { fakeApp, record } from '../../../tests/fakeApp.ts'
import { APP, type OpenDraft } from '../../app.ts'
import { createText } from '../../text/index.ts'
import DraftPage from './DraftPage.vue'
import FixPage from './FixPage.vue'
import { useBegun } from './useDraft.ts'

let isGone = true
beforeEach(() => void (isGone = true))
afterEach(() => void (isGone = false))

/** A draft that the disk refuses, in the page that shows it. */
async function shown(name: string, session?: object) {
  const fake = fakeApp([record({ fields: { note: '渗水' } as never })])
  if (session) Object.assign(fake.app.session, { value: session })
  const refuse = (draft: OpenDraft): OpenDraft => ({
    ...draft,
    close: async () => {
      if (isGone) throw new Error('the disk is gone')
    },
  })
  const { open, resume } = fake.app.drafts
  Object.assign(fake.app.drafts, {
    open: async (...words: Parameters<typeof open>) => refuse(await open(...words)),
    resume: async (id: string) => {
      const draft = await resume(id)
      return draft && refuse(draft)
    },
  })
  await open('hazard', { record: 'record', fields: { note: '渗水了' } })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', name: 'start', component: { render: () => null } },
      { path: '/enrol', name: 'enrol', component: { render: () => null } },
      { path: '/draft/:draft', name: 'draft', component: DraftPage, props: true },
      { path: '/fix/:record', name: 'fix', component: FixPage, props: true },
    ],
  })
  await router.push(name === 'fix' ? '/fix/record' : '/draft/draft-1')
  const global = { plugins: [createText(), router], provide: { [APP as symbol]: fake.app } }
  mount(RouterView, { global })
  await flushPromises()
  return { app: fake.app, router }
}

it.each(['draft', 'fix'])('%s: what is not on the disk keeps its page in sight', async (name) => {
  const { router } = await shown(name)
  await expect(router.push('/')).rejects.toThrow('the disk is gone')
  expect(router.currentRoute.value.name).toBe(name)
})

it.each(['draft', 'fix'])('%s: but not once its person has signed out', async (name) => {
  const { app, router } = await shown(name)
  Object.assign(app.session, { value: { phase: 'none' } })
  await router.replace({ name: 'enrol' }).catch(() => undefined)
  expect(router.currentRoute.value.name).toBe('enrol')
})

it('who has not joined yet has nobody to sign out', async () => {
  const { router } = await shown('draft', { phase: 'none' })
  await expect(router.push('/')).rejects.toThrow('the disk is gone')
})

it.each([
  { said: 'nothing else', fields: { note: '渗水' }, photos: 0, knows: true, stays: false },
  { said: 'words of its own', fields: { note: '渗水变大' }, photos: 0, knows: true, stays: true },
  { said: 'a field more', fields: { title: '涵闸' }, photos: 0, knows: true, stays: true },
  { said: 'a photo', fields: { note: '渗水' }, photos: 1, knows: true, stays: true },
  {
    said: 'about nobody knows what',
    fields: { note: '渗水' },
    photos: 0,
    knows: false,
    stays: true,
  },
])('a draft begun about a round that holds $said: stays $stays', async (one) => {
  const fake = fakeApp(one.knows ? [record({ fields: { note: '渗水' } as never })] : [])
  await fake.app.drafts.open('patrol', { record: 'record', fields: one.fields as never })
  if (one.photos > 0) fake.taken.value = [{} as never]
  let begun: ReturnType<typeof useBegun> | undefined
  const page = { setup: () => ((begun = useBegun(() => 'record')), () => null) }
  mount(page, { global: { plugins: [createText()], provide: { [APP as symbol]: fake.app } } })
  await flushPromises()
  expect(fake.drafts.value.map(({ id }) => id)).toEqual(one.stays ? ['draft-1'] : [])
  expect(begun?.draft.value?.data.record).toBe(one.stays ? 'record' : undefined)
})
