import { describe, expect, it, test } from 'vitest'
import { dueReports, nextByLevel, type Course, type Report } from './reportDue.ts'
import type { Level } from './severity.ts'

const at = (time: string, day = 8) =>
  Date.parse(`2022-07-${String(day).padStart(2, '0')}T${time}:00+08:00`)

const report = (kind: Report['kind'], time: number, more: Partial<Report> = {}): Report => ({
  ...{ kind, at: time, next: null, level: null },
  ...more,
})

const course = (more: Partial<Course> = {}): Course => ({
  found: at('06:40'),
  level: { is: 'larger', since: at('06:40') },
  ...{ reports: [], told: null, works: [], checks: [] },
  ...more,
})

const due = (more: Partial<Course>) =>
  dueReports(course(more)).map((it) => [it.kind, clock(it.at)].join(' '))

const clock = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(8, 16)

const level = (is: Level | null, since = at('06:40')) => ({ level: { is, since } })

describe('the six-arch bridge', () => {
  const told = at('06:48')
  const raised = level('major', at('07:12'))
  const first = report('first_report', at('07:10'), { next: at('09:00') })
  const hours = [9, 11, 13, 15, 17, 19].map((hour) => at(`${String(hour).padStart(2, '0')}:00`))
  const reports = [first, ...hours.map((time) => report('follow_up', time))]
  const works = [{ started: at('09:30'), ended: at('20:00') }]

  it('asks for the first words, then for the first report half an hour after the find', () => {
    expect(due({})).toEqual(['call_report 08T06:50', 'first_report 08T07:10'])
    expect(due({ told })).toEqual(['first_report 08T07:10'])
  })

  it('is told seven times, each in time, never more than two hours apart', () => {
    reports.forEach(({ at: time }, n) => {
      const before = { told, reports: reports.slice(0, n), ...(n > 0 ? raised : level('larger')) }
      const [next] = dueReports(course(before))
      expect(next?.at).toBeGreaterThanOrEqual(time)
      expect((next?.at ?? 0) - (reports[n - 1]?.at ?? at('06:40'))).toBeLessThanOrEqual(7_200_000)
    })
    expect(first.at - at('06:40')).toBe(30 * 60_000)
    expect(reports).toHaveLength(7)
  })

  it('owes the final one a day after the repair, and nothing once that is written', () => {
    const open = [{ started: at('09:30'), ended: null }]
    expect(due({ told, reports, works: open, ...raised })).toEqual(['follow_up 08T21:00'])
    expect(due({ told, reports, works, ...raised })).toEqual(['final_report 09T20:00'])
    const whole = [...reports, report('final_report', at('20:30'))]
    const checks = [{ at: at('08:00', 9), passed: true }]
    expect(due({ told, reports: whole, works, checks, ...raised })).toEqual([])
  })
})

const AFTER = at('12:00')
const after = (more: Partial<Report> = {}) => [report('first_report', AFTER, more)]

test.each<[string, Partial<Course>, string[]]>([
  ['only possible', { found: null }, []],
  ['told in writing first', { reports: after() }, ['follow_up 08T18:00']],
  [
    'a call report is no first report',
    { reports: [report('call_report', at('06:45'))] },
    ['first_report 08T07:10'],
  ],
  [
    'a correction is no report',
    { reports: [report('correction', at('07:00'))] },
    ['call_report 08T06:50', 'first_report 08T07:10'],
  ],
  ['extraordinary', { reports: after(), ...level('extraordinary') }, ['follow_up 08T14:00']],
  ['major', { reports: after(), ...level('major') }, ['follow_up 08T14:00']],
  ['larger', { reports: after(), ...level('larger') }, ['follow_up 08T18:00']],
  ['general, tomorrow', { reports: after(), ...level('general') }, ['follow_up 09T08:00']],
  ['promised earlier', { reports: after({ next: at('13:00') }) }, ['follow_up 08T13:00']],
  ['promised later', { reports: after({ next: at('23:00') }) }, ['follow_up 08T18:00']],
  [
    'no level: only the promise',
    { reports: after({ next: at('23:00') }), ...level(null) },
    ['follow_up 08T23:00'],
  ],
  ['no level, no promise: nothing is invented', { reports: after(), ...level(null) }, []],
  [
    'the level a report says',
    { reports: after({ level: 'major' }), ...level('larger') },
    ['follow_up 08T14:00'],
  ],
  [
    'the level set after the report',
    { reports: after({ level: 'larger' }), ...level('major', at('12:30')) },
    ['follow_up 08T14:00'],
  ],
  [
    'raised late: at once, not late from before it',
    { reports: after(), ...level('major', at('16:00')) },
    ['follow_up 08T16:00'],
  ],
  [
    'lowered: the longer interval',
    { reports: after({ level: 'major' }), ...level('larger', at('12:30')) },
    ['follow_up 08T18:00'],
  ],
  [
    'reports come in any order',
    { reports: [report('follow_up', at('15:00')), ...after()] },
    ['follow_up 08T21:00'],
  ],
  [
    'removed before any report',
    { works: [{ started: at('06:45'), ended: at('07:00') }] },
    ['final_report 09T07:00'],
  ],
  [
    'one of two works goes on',
    {
      reports: after(),
      works: [
        { started: at('12:10'), ended: at('13:00') },
        { started: at('12:20'), ended: null },
      ],
    },
    ['follow_up 08T18:00'],
  ],
  [
    'the last of two works counts',
    {
      reports: after(),
      works: [
        { started: at('12:10'), ended: at('17:00') },
        { started: at('12:20'), ended: at('13:00') },
      ],
    },
    ['final_report 09T17:00'],
  ],
  [
    'a check that did not pass brings it back',
    {
      reports: after(),
      works: [{ started: at('12:10'), ended: at('13:00') }],
      checks: [{ at: at('14:00'), passed: false }],
    },
    ['follow_up 08T18:00'],
  ],
  [
    'a check that passed is enough',
    { reports: after(), checks: [{ at: at('14:00'), passed: true }] },
    ['final_report 09T14:00'],
  ],
  ['a final report ends it', { reports: [...after(), report('final_report', at('13:00'))] }, []],
  [
    'after the final one it failed: the interval begins anew',
    {
      reports: [...after(), report('final_report', at('13:00'))],
      works: [{ started: at('12:10'), ended: at('12:50') }],
      checks: [{ at: at('20:00'), passed: false }],
    },
    ['follow_up 09T02:00'],
  ],
  [
    'and removed again, a final one is owed again',
    {
      reports: [...after(), report('final_report', at('13:00'))],
      works: [{ started: at('12:10'), ended: at('21:00') }],
      checks: [{ at: at('20:00'), passed: false }],
    },
    ['final_report 09T21:00'],
  ],
])('%s', (_, more, wanted) => {
  expect(due(more)).toEqual(wanted)
})

test.each([
  ['07:59', '08T08:00'],
  ['08:00', '09T08:00'],
  ['23:59', '09T08:00'],
  ['00:01', '08T08:00'],
])('a general one told at %s is due at %s', (time, wanted) => {
  expect(clock(nextByLevel('general', at(time)) ?? 0)).toBe(wanted)
})
