// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { nextTick, reactive } from 'vue'
import { fakeApp, show } from '../../tests/fakeApp.ts'
import type { DraftData, OpenDraft } from '../app.ts'
import type { Hazard } from '../generated/kinds.ts'
import { titles } from '../generated/titles.ts'
import DraftPage from '../pages/field/DraftPage.vue'
import { createText } from '../text/index.ts'
import VersionNote from './VersionNote.vue'

const gold = { code: 'gold', zh: '金', en: 'Gold' }
const known = {
  types: { type: 'choices', zh: '类型', en: 'Types', choices: [gold] },
  bag_size: { type: 'number', zh: '袋容', en: 'Size of a bag', unit: 'L' },
}

function open(fields: Record<string, unknown>, about: Partial<DraftData> = {}) {
  const data = reactive({
    ...{ id: 'draft', kind: 'hazard', record: 'record', isNew: true, replaces: null },
    ...{ openedAt: 0, version: 'older', page: { known }, fields, ...about },
  }) as unknown as DraftData
  const page = mount(VersionNote, {
    props: { draft: { data } as OpenDraft, unitOf: (unit) => (unit === 'L' ? '升' : '') },
    global: { plugins: [createText()] },
  })
  const at = (id: string) => page.find(`[data-testid=${id}]`)
  const press = (id: string) => page.get(`[data-testid=${id}] button`).trigger('click')
  return { data, page, at, press }
}

const OLD = { types: ['piping', 'gold'], nature: 'acute', bag_size: 40 }

describe('a draft begun with another form', () => {
  it('says with which, and that nothing is lost', () => {
    const { at } = open(OLD)
    expect(at('older-form').text()).toContain('older')
    expect(at('older-form').text()).toContain('填过的都在')
  })

  it('says in the words of that form what has no place in this one', () => {
    const { at, data } = open(OLD)
    expect(at('leftover-bag_size').text()).toContain('袋容：40 升。新表单没有这一项，照样报上去。')
    expect(at('leftover-types').text()).toContain('金。新表单没有这个选择，报不上去。')
    expect(data.fields).toEqual(OLD)
  })

  it('lets go of a choice only when told to, and keeps it in the note where that is wished', async () => {
    const { data, at, press } = open({ ...OLD, note: '下雨' })
    await press('leftover-note-types')
    expect(data.fields).toEqual({
      ...{ types: ['piping'], nature: 'acute', bag_size: 40 },
      note: '下雨\n类型：金',
    })
    expect(at('leftover-types').exists()).toBe(false)
  })

  it('lets go of a field only when told to', async () => {
    const { data, press } = open(OLD)
    await press('leftover-drop-bag_size')
    expect(data.fields).toEqual({ types: ['piping', 'gold'], nature: 'acute' })
  })

  it('leaves alone what stands in a record that is only corrected', () => {
    const { at } = open(OLD, { isNew: false })
    expect(at('leftover-bag_size').exists()).toBe(false)
    expect(at('older-form').exists()).toBe(true)
  })
})

describe('a draft of this form', () => {
  it('says nothing, and writes down the words of what is filled in', async () => {
    const fresh = { version: titles.hazard.version, page: { step: 2 } }
    const { data, page } = open({ types: ['piping'] }, fresh)
    expect(page.text()).toBe('')
    ;(data.fields as Record<string, unknown>)['length_m'] = 12
    await nextTick()
    expect(data.page).toMatchObject({
      step: 2,
      known: { types: { choices: [{ code: 'piping', zh: '管涌' }] }, length_m: { unit: 'm' } },
    })
  })
})

describe('the page of a draft', () => {
  it('cannot be handed in while what the form hides has no place', async () => {
    const fake = fakeApp()
    const fields = {
      work_kind: 'canal_desilt',
      volume_m3: 12,
      load_kg: 5,
      no_photo_reason: '没带手机',
    }
    await fake.app.drafts.open('work', { fields } as never)
    const open = await fake.app.drafts.resume('draft-1')
    Object.assign(open!.data, { version: 'older' })
    const { page } = await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    const submit = () => page.get('[data-testid=submit] button').trigger('click')
    await submit()
    await flushPromises()
    expect(page.get('[data-testid=stops]').text()).toContain('先定去处')
    expect(open!.data.fields).toMatchObject({ load_kg: 5 })
    await page.get('[data-testid=leftover-drop-load_kg] button').trigger('click')
    await flushPromises()
    await submit()
    await flushPromises()
    expect(page.text()).not.toContain('先定去处')
  })

  it('cannot send a choice that is gone, says where it is, and then sends the rest', async () => {
    const fake = fakeApp()
    const fields = { ...OLD, no_photo_reason: '夜里' } as unknown as Partial<Hazard>
    const { data } = await fake.app.drafts.open('hazard', { fields })
    Object.assign(data, { version: 'older' })
    const { page, router } = await show(DraftPage, { draft: data.id }, fake)
    const press = async (id: string) => {
      await page.get(`[data-testid=${id}] button`).trigger('click')
      await flushPromises()
    }
    await press('submit')
    expect(page.get('[data-testid=stops]').text()).toContain('类型')
    await press('leftover-note-types')
    expect(page.find('[data-testid=stops]').exists()).toBe(false)
    await press('submit')
    expect(router.currentRoute.value.name).toBe('saved')
    expect(data.fields).toMatchObject({ types: ['piping'], note: '类型：gold', bag_size: 40 })
  })
})
