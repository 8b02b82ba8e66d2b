// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeApp, record, show, type FakeApp } from '../../../tests/fakeApp.ts'
import { StorageFull, type DraftPhoto, type HsRecord } from '../../app.ts'
import { useSend } from './send.ts'
import { dropUndo, failedUndo, pendingUndo, runUndo } from './undo.ts'

afterEach(dropUndo)

type Send = ReturnType<typeof useSend>
const page = { setup: () => useSend(), render: () => null }
const shown = async (fake: FakeApp) => {
  const { page: wrapper, router } = await show(page, {}, fake)
  return { send: wrapper.vm as unknown as Send, router }
}

describe('taking back what was just reported', () => {
  it('is done once it is written, even where the record page cannot be fetched', async () => {
    const fake = fakeApp()
    const { send, router } = await shown(fake)
    router.onError(() => undefined)
    router.addRoute({
      ...{ path: '/lazy/:record', name: 'record' },
      component: () => Promise.reject(new Error('no signal')),
    })
    await send.sendDraft(await fake.app.drafts.open('hazard', {}), '决口')
    expect(pendingUndo.value?.key).toBe('fresh')
    await runUndo()
    await flushPromises()
    expect(fake.submitted).toHaveLength(1)
    expect(failedUndo.value).toBeNull()
  })

  it('says so where it could not be written', async () => {
    const fake = fakeApp()
    fake.app.submit = () => Promise.reject(new StorageFull())
    const { send } = await shown(fake)
    await send.sendDraft(await fake.app.drafts.open('hazard', {}), '决口')
    await runUndo()
    expect(failedUndo.value?.why).toBe('undoFull')
  })
})

describe('one more photo of a record', () => {
  const sent = async (values: Partial<HsRecord>, fields: object = {}) => {
    const fake = fakeApp([record({ kind: 'work', ...values })])
    fake.taken.value = [{ sha256: 'b', slot: 'detail' } as DraftPhoto]
    const draft = await fake.app.drafts.open('work', { record: 'record', fields })
    const { send } = await shown(fake)
    await send.sendDraft(draft, '清淤')
    return draft.data.fields
  }

  it('that the office has is a new version, which it is asked to judge', async () => {
    expect(await sent({ local: false })).toMatchObject({ correction: '拍了细部照片' })
  })

  it('that was judged is one too, though something of it still waits to be sent', async () => {
    const review = { decision: 'approved' } as unknown as HsRecord['review']
    expect(await sent({ local: true, review })).toHaveProperty('correction')
  })

  it('that the office cannot have judged goes along with it', async () => {
    expect(await sent({ local: true })).not.toHaveProperty('correction')
  })

  it('with something corrected beside it says no more', async () => {
    expect(await sent({}, { length_m: 12 })).toEqual({ length_m: 12 })
  })
})
