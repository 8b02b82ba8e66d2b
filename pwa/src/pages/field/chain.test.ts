// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { fakeApp, ME, record, show } from '../../../tests/fakeApp.ts'
import type { HsRecord, OwnLineView } from '../../app.ts'
import CallList from './CallList.vue'
import HazardChain from './HazardChain.vue'
import RecordPage from './RecordPage.vue'
import TasksPage from './TasksPage.vue'
import { useChains, type Chain, type Hazard } from './chain.ts'
import { dropUndo, pendingUndo, runUndo } from './undo.ts'

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => {
  vi.useRealTimers()
  dropUndo()
})

const HOUR = 3_600_000
const MINUTE = 60_000
/** The clock of the fake app. */
const NOW = Date.UTC(2026, 10, 22, 6, 0)

const of = (kind: string, id: string, fields: object, more: Partial<HsRecord> = {}) =>
  record({ kind, id, fields, captured: NOW, ...more } as Partial<HsRecord>)

const hazard = (fields: object = {}, more: Partial<HsRecord> = {}) =>
  of('hazard', 'record', { types: ['piping'], nature: 'acute', level: 'major', ...fields }, more)

async function chainOf(records: HsRecord[], lines: OwnLineView[] = []): Promise<Chain> {
  const fake = fakeApp(records)
  fake.lines.push(...lines)
  const page = {
    setup: () => ({ chain: useChains().chainOf(records[0] as unknown as Hazard) }),
    render: () => null,
  }
  const { page: wrapper } = await show(page, {}, fake)
  return (wrapper.vm as unknown as { chain: Chain }).chain
}

const due = async (...records: HsRecord[]) =>
  (await chainOf(records)).due.map(({ kind, at }) => [kind, (at - NOW) / MINUTE])

const FIRST = { hazard: 'record', report_kind: 'first_report', at: NOW, text: '砌体冲毁' }
const first = (more: object = {}, values: Partial<HsRecord> = {}) =>
  of('hazard_report', 'first', { ...FIRST, ...more }, values)
const call = (fields: object = {}, more: Partial<HsRecord> = {}) =>
  of(
    'call',
    'call',
    { direction: 'out', at: NOW, about: 'record', result: 'told', ...fields },
    more,
  )

describe('what is due', () => {
  it.each<[string, HsRecord[], unknown[]]>([
    [
      'nobody told',
      [hazard()],
      [
        ['call_report', 10],
        ['first_report', 30],
      ],
    ],
    ['somebody told', [hazard(), call()], [['first_report', 30]]],
    [
      'no answer is no word',
      [hazard(), call({ result: 'no_answer' })],
      [
        ['call_report', 10],
        ['first_report', 30],
      ],
    ],
    [
      'somebody called in',
      [hazard(), call({ direction: 'in' })],
      [
        ['call_report', 10],
        ['first_report', 30],
      ],
    ],
    [
      'a call taken back',
      [hazard(), call({}, { deleted: true })],
      [
        ['call_report', 10],
        ['first_report', 30],
      ],
    ],
    [
      'a call about another',
      [hazard(), call({ about: 'other' })],
      [
        ['call_report', 10],
        ['first_report', 30],
      ],
    ],
    ['reported', [hazard(), first()], [['follow_up', 120]]],
    [
      'its report was not taken',
      [hazard(), call(), first({}, { status: { state: 'unaccepted' } as never })],
      [['first_report', 30]],
    ],
    ['hidden', [hazard({ nature: 'latent' })], []],
    ['void', [hazard({}, { deleted: true })], []],
    ['not filed', [hazard({}, { review: { decision: 'rejected' } as never })], []],
    [
      'repaired',
      [hazard(), first(), of('repair', 'r', { target: 'record', started: NOW, ended: NOW + HOUR })],
      [['final_report', 25 * 60]],
    ],
    [
      'under repair',
      [hazard(), first(), of('repair', 'r', { target: 'record', started: NOW })],
      [['follow_up', 120]],
    ],
    [
      'verified',
      [hazard(), first(), of('verification', 'v', { target: 'record', result: 'pass' })],
      [['final_report', 24 * 60]],
    ],
    [
      'verified by who handled it',
      [
        hazard(),
        first(),
        of(
          'verification',
          'v',
          { target: 'record', result: 'pass' },
          { flags: ['verified_by_handler'] },
        ),
      ],
      [['follow_up', 120]],
    ],
  ])('%s', async (_, records, wanted) => {
    expect(await due(...records)).toEqual(wanted)
  })

  it('one that broke out later is due from then, whatever was said before', async () => {
    const line = (n: number, wall: number) =>
      ({
        n,
        entry: `entry-${n}`,
        wall,
        records: ['record'],
        acts: ['put'],
        receipt: null,
      }) as unknown as OwnLineView
    const turned = hazard(
      {},
      { captured: NOW - HOUR, stamps: { types: 'entry-1', nature: 'entry-2' } },
    )
    const { due } = await chainOf(
      [turned, call({ at: NOW - HOUR / 2 }), first({ at: NOW - HOUR / 2 })],
      [line(1, NOW - HOUR), line(2, NOW)],
    )
    expect(due).toEqual([
      { kind: 'call_report', at: NOW + 10 * MINUTE },
      { kind: 'first_report', at: NOW + 30 * MINUTE },
    ])
  })

  it('stands on the tasks page, the late one first and marked, and only what is mine', async () => {
    const fake = fakeApp([
      hazard({}, { id: 'soon' }),
      hazard({}, { id: 'late', captured: NOW - 11 * MINUTE }),
      hazard({}, { id: 'theirs', author: 'other' }),
    ])
    const { page } = await show(TasksPage, {}, fake)
    const rows = page.findAll('[data-testid=task-report]')
    expect(rows.map((it) => [it.attributes('data-record'), it.attributes('data-late')])).toEqual([
      ['late', 'true'],
      ['soon', 'false'],
    ])
    expect(rows[0]?.text()).toContain('口报 超时 1 分钟')
    expect(page.find('[data-testid=tasks-empty]').exists()).toBe(false)
  })
})

describe('a new report', () => {
  async function written(records: HsRecord[]) {
    const fake = fakeApp(records)
    const chain = await chainOf(records)
    const { page, router } = await show(HazardChain, { chain }, fake)
    await page.get('[data-testid=chain-write] button').trigger('click')
    await flushPromises()
    return { fields: fake.drafts.value[0]?.fields, to: router.currentRoute.value.name, fake, page }
  }

  it('begins with what is known of the hazard', async () => {
    const known = { length_m: 12, threat: ['rail'], first_treatment: ['cordon'] }
    const { fields, to } = await written([hazard(known), call()])
    expect(to).toBe('draft')
    expect(fields).toEqual({
      ...{ hazard: 'record', report_kind: 'first_report', at: NOW, level: 'major' },
      ...{
        next_at: NOW + 2 * HOUR,
        text: '管涌，长 12.00 米',
        at_risk: '铁路',
        action: '警戒看守',
      },
    })
  })

  it('goes on with what holds still of the last one, and asks anew for what was measured', async () => {
    const last = { action: '抛石', masses: 12, z_m: 21.5, weather: 'storm', forecast: '稳定' }
    const { fields } = await written([hazard(), first({ ...last, at: NOW - HOUR })])
    expect(fields).toEqual({
      ...{ hazard: 'record', report_kind: 'follow_up', at: NOW, level: 'major' },
      ...{ next_at: NOW + 2 * HOUR, action: '抛石', masses: 12 },
    })
  })

  it('that is the last has of that only what a final one asks for', async () => {
    const last = { action: '抛石', at_risk: '铁路', masses: 12, at: NOW - HOUR }
    const repair = { target: 'record', started: NOW - HOUR, ended: NOW - MINUTE }
    const { fields } = await written([hazard(), first(last), of('repair', 'r', repair)])
    expect(fields).toEqual({
      ...{ hazard: 'record', report_kind: 'final_report', at: NOW, level: 'major', masses: 12 },
    })
  })

  it('is begun once', async () => {
    const { fake, page } = await written([hazard(), call()])
    await page.get('[data-testid=chain-write] button').trigger('click')
    await flushPromises()
    expect(fake.drafts.value).toHaveLength(1)
  })

  it('that mends another names it', async () => {
    const records = [hazard(), first()]
    const fake = fakeApp(records)
    const { page } = await show(HazardChain, { chain: await chainOf(records) }, fake)
    await page.get('[data-testid=chain-mend] button').trigger('click')
    await flushPromises()
    expect(fake.drafts.value[0]?.fields).toEqual({
      ...{ hazard: 'record', report_kind: 'correction', corrects: 'first', at: NOW },
    })
  })
})

describe('who has to know', () => {
  const member = (id: string, name: string, more: object = {}) =>
    of('member', id, { name, code: id, roles: ['member'], ...more })
  const people = [
    member(ME, '张河', { team: 'two' }),
    member('lead', '李岸', { phone: '13900000004' }),
    member('leader', '陈堤'),
    member('duty', '周汛', { roles: ['duty_officer'], phone: '0434-3267890' }),
    member('gone', '老吴', { roles: ['duty_officer'] }),
    member('secretary', '郑渡', { roles: ['secretary'], phone: '13900000001' }),
    of('grant', 'grant', { zone: 'zone', person: 'lead', role: 'lead' }),
    of('team', 'two', { name: '二队', leader: 'leader' }),
  ].map((it) => (it.id === 'gone' ? { ...it, deleted: true } : it))

  async function list(...more: HsRecord[]) {
    const records = [hazard({ zone: 'zone' }), ...people, ...more]
    const fake = fakeApp(records)
    const { page } = await show(CallList, { chain: await chainOf(records) }, fake)
    return { fake, page, rows: page.findAll('[data-testid=callee]') }
  }

  it('the nearest first, each once, with a masked number and why; without one it says so', async () => {
    const { rows } = await list()
    expect(rows.map((it) => it.find('h2').text())).toEqual(['李岸', '陈堤', '周汛', '郑渡'])
    expect(rows[0]?.text()).toContain('责任区负责人')
    expect(rows[0]?.text()).toContain('139****0004')
    expect(rows[0]?.text()).not.toContain('13900000004')
    expect(rows[0]?.get('a').attributes('href')).toBe('tel:13900000004')
    expect(rows[1]?.text()).toContain('没有登记电话')
    expect(rows[1]?.find('a').exists()).toBe(false)
    expect(rows[1]?.find('[data-testid=callee-told]').exists()).toBe(true)
  })

  it('those on duty now stand for the duty officers', async () => {
    const shift = { start: NOW - HOUR, end: NOW + HOUR, leader: 'leader', staff: ['lead'] }
    const { rows } = await list(of('duty_shift', 'shift', shift))
    expect(rows.map((it) => it.find('h2').text())).toEqual(['李岸', '陈堤', '郑渡'])
    expect(rows[1]?.text()).toContain('队长 · 带班')
    const over = { ...shift, start: NOW - 2 * HOUR, end: NOW }
    expect((await list(of('duty_shift', 'shift', over))).rows).toHaveLength(4)
  })

  it('one tap writes down that he knows, and one takes it back', async () => {
    const { fake, rows } = await list()
    await rows[0]?.get('[data-testid=callee-told] button').trigger('click')
    await flushPromises()
    expect(fake.submitted[0]?.ops[0]).toMatchObject({
      ...{ kind: 'call', act: 'put' },
      set: {
        ...{ direction: 'out', at: NOW, about: 'record', member: 'lead', person: '李岸' },
        ...{ number: '13900000004', result: 'told', text: '管涌' },
      },
    })
    expect(pendingUndo.value?.words).toBe('已记“李岸 已告知”')
    await runUndo()
    expect(fake.submitted[1]?.ops[0]).toMatchObject({ kind: 'call', act: 'del' })
  })

  it('shows who was told when and by whom, also after he was not reached at first', async () => {
    const { rows } = await list(
      call({ member: 'lead', result: 'no_answer', at: NOW - HOUR }, { id: 'missed' }),
      call({ member: 'lead' }),
      call({ member: 'duty', result: 'no_answer' }, { id: 'tried', local: true }),
    )
    expect(rows[0]?.get('[data-testid=callee-state]').text()).toBe('14:00 已告知 · 张河记')
    expect(rows[0]?.find('[data-testid=callee-told]').exists()).toBe(false)
    expect(rows[2]?.get('[data-testid=callee-state]').text()).toContain('14:00 没打通 · 张河记')
    expect(rows[2]?.text()).toContain('只在这部手机上')
    expect(rows[2]?.find('[data-testid=callee-told]').exists()).toBe(true)
  })
})

it('the course of a hazard: found, told, reported, sent, repaired, verified, each with its level', async () => {
  const fake = fakeApp([
    hazard({}, { author: ME, stamps: { types: '01', level: '01' }, captured: NOW - 6 * HOUR }),
    call({ at: NOW - 5.9 * HOUR, person: '李岸' }),
    first(
      { at: NOW - 5.5 * HOUR, level: 'extraordinary' },
      { local: true, number: null, author: ME },
    ),
    of('dispatch', 'd', { target: 'record', called: NOW - 5 * HOUR, leader: ME, task: '抛石' }, {
      adds: [
        {
          entry: 'a',
          device: 'x',
          author: ME,
          captured: 0,
          set: { state: 'on_site', at: NOW - 4 * HOUR },
        },
      ],
    } as never),
    of('consultation', 'c', {
      target: 'record',
      at: NOW - 3.5 * HOUR,
      judgement: '失稳',
      decision: '砌墙',
    }),
    of('repair', 'r', {
      target: 'record',
      started: NOW - 3 * HOUR,
      ended: NOW - 2 * HOUR,
      plan: '砌墙',
    }),
    of('verification', 'v', { target: 'record', result: 'pass' }),
    of('verification', 'other', { target: 'other', result: 'fail' }),
  ])
  ;(fake.app as { now: unknown }).now = ref(NOW)
  const { page } = await show(RecordPage, { record: 'record' }, fake)
  const rows = page.get('[data-testid=record-timeline]').findAll('li')
  expect(rows.map((it) => it.find('p').text())).toEqual([
    '张河 上报',
    '张河 定级：重大',
    '张河 告知李岸',
    '张河 首报 待编号',
    '张河 定级：特别重大',
    '张河 派张河带队',
    '张河 到场',
    '张河 记会商',
    '张河 记抢修开工',
    '张河 记抢修完工',
    '张河 核查通过',
  ])
  const report = rows[3]
  expect(report?.classes()).toContain('local')
  expect(report?.text()).toContain('只在这部手机上')
  expect(rows[2]?.text()).not.toContain('只在这部手机上')
  expect(report?.find('[data-testid=timeline-open]').attributes('data-record')).toBe('first')
})
