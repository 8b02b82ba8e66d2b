// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeApp, record, show } from '../../../tests/fakeApp.ts'
import type { HsRecord } from '../../app.ts'
import DispatchPage from './DispatchPage.vue'

afterEach(() => vi.unstubAllGlobals())

const ENDED = Date.UTC(2026, 10, 22, 5, 33)
const KM = 0.0089932
const line = [
  [124, 43],
  [124, 43 + KM],
]
const zone = record({
  ...{ id: 'zone', kind: 'zone' },
  fields: { code: '220300-NBH-Z03', line, chainage_start: 0 } as unknown as HsRecord['fields'],
})
const points = [1, 2].map((number) =>
  record({ ...{ id: `p${number}`, kind: 'checkpoint' }, fields: { zone: 'zone', number } }),
)
const sets = [
  { type: 'segment', from: ENDED - 60_000, to: ENDED, blob: 'track', gap: null },
  { type: 'visit', checkpoint: 'p1', result: 'normal', at: ENDED },
]
const patrol = record({
  ...{ id: 'patrol', kind: 'patrol', fields: { zone: 'zone', ended: ENDED } },
  adds: sets.map((set) => ({ entry: 'e', device: 'd', author: 'me', captured: ENDED, set })),
})

/** What the leader reads of a zone whose track reaches this far along its line. */
async function told(walked: number, isHere = true, fields: object = {}) {
  const it = { ...patrol, fields: { ...patrol.fields, ...fields } }
  const fake = fakeApp([zone, ...points, it])
  const session = fake.app.session.value
  if (session.phase === 'enrolled') Object.assign(session.rights, { office: true })
  Object.assign(fake.app.photos, { url: async () => (isHere ? 'blob:track' : null) })
  const steps = Array.from({ length: 11 }, (_, n) => [
    ENDED + n,
    124,
    43 + (KM * walked * n) / 10,
    5,
  ])
  vi.stubGlobal('fetch', async () => ({ json: async () => ({ v: 1, points: steps }) }))
  const { page } = await show(DispatchPage, {}, fake)
  await flushPromises()
  return page.get('[data-testid=dispatch-zone]').text()
}

it('the last patrol of a zone says how much of it was walked and signed', async () => {
  const short = await told(0.06)
  expect(short).toContain('上一遍 13:33 巡完')
  expect(short).toContain('巡查点 1/2')
  const shareOf = (words: string) => Number(/已巡 (\d+)%/.exec(words)?.[1])
  expect(shareOf(short)).toBeLessThan(15)
  expect(shareOf(await told(1))).toBe(100)
})

it('while its track is not here, its own phone is believed, and nothing else is claimed', async () => {
  expect(await told(1, false)).not.toContain('已巡')
  expect(await told(1, false, { covered: 6 })).toContain('已巡 6%')
})
