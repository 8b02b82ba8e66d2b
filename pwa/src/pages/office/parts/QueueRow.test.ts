// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { fakeApp, record, show } from '../../../../tests/fakeApp.ts'
import type { HsRecord } from '../../../app.ts'
import QueueRow from './QueueRow.vue'

it('a row says in which zone the chainage lies', async () => {
  const fields = { code: '220300-NBH-Z05', name: '西湖湿地' } as unknown as HsRecord['fields']
  const zone = record({ id: 'lake', kind: 'zone', fields })
  const hazard = { types: ['piping'], zone: 'lake', chainage: 600, bank: 'left' }
  const body = { ...record(), fields: hazard, review: null }
  const row = { record: 'record', body, received: 0 }
  const rest = { chosen: false, marked: false, own: undefined, stand: 'pending' }
  const photos = { named: 0, received: 0 }
  const { page } = await show(QueueRow, { row, photos, ...rest }, fakeApp([zone]))
  expect(page.get('.hs-row-title').text()).toBe('管涌 · Z05 K0+600 左岸')
})
