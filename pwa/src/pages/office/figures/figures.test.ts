import { expect, test } from 'vitest'
import { queryOfTable } from '../table/tableQuery.ts'
import { filterOfFigure, groupsOf, zoneColumns, type DayFigures, type Figure } from './figures.ts'

const ZONE = '01jdrdla00ft1aedb9f298a6p6'
const figure = (id: string, kind: string, value: number | null, query = {}): Figure => ({
  ...{ id, zh: id, en: id, value, unit: '次', pending: 0 },
  query: { kind, ...query },
})

const DAY: DayFigures = {
  ...{ day: '2026-11-22', asOf: 1, people: [] },
  totals: [
    figure('patrol', 'patrol', 0),
    figure('patrol_km', 'patrol', 0),
    figure('hazard_new', 'hazard', 2),
    figure('hazard_new_major', 'hazard', 0),
    figure('hazard_open', 'hazard', 1),
    figure('work', 'work', null),
  ],
  zones: [
    {
      ...{ zone: ZONE, name: 'Z03', reported: true },
      figures: [figure('patrol', 'patrol', 0), figure('hazard_new', 'hazard', 2)],
    },
    { zone: 'other', name: 'Z04', reported: false, figures: [figure('patrol_km', 'patrol', null)] },
  ],
}

test('each kind is a group, those of one figure together; 0 and 未报 are folded apart', () => {
  const day = [
    ...DAY.totals,
    figure('event_new', 'event', null),
    figure('event_ended', 'event', null),
    { ...figure('event_sum', 'event', null), count: 1 },
    figure('event_open', 'event', 0),
  ]
  const names = (all: readonly Figure[]) => all.map(({ id }) => id)
  expect(
    groupsOf(day).map(({ kind, shown, zeros, unreported }) => [
      ...[kind, names(shown), names(zeros), names(unreported)],
    ]),
  ).toEqual([
    ['patrol', ['patrol'], ['patrol_km'], []],
    ['hazard', ['hazard_new', 'hazard_open'], ['hazard_new_major'], []],
    // Records that do not say how much are something to look at.
    ['event', ['event_new', 'event_sum'], ['event_open'], ['event_ended']],
    [null, ['work'], [], []],
  ])
})

test('a zone is told by the first figure of each kind and by what is more than nothing somewhere', () => {
  expect(zoneColumns(DAY).map(({ id }) => id)).toEqual(['patrol', 'hazard_new', 'work'])
})

test('a figure opens the table with its own filter, whatever is in it', () => {
  const filter = filterOfFigure(
    figure('x', 'hazard', 1, {
      ...{ zone: ZONE, from: 10, to: 20, state: 'counted', by: null },
      ...{ openAt: 30, where: ['level:major', 'level:'] },
    }),
  )
  expect(filter).toMatchObject({
    ...{ kind: 'hazard', zone: ZONE, from: 10, to: 20, state: 'counted', openAt: 30 },
    where: { level: ['major', ''] },
  })
  expect(queryOfTable(filter)).toEqual({
    ...{ kind: 'hazard', zone: ZONE, from: '10', to: '20', state: 'counted', openAt: '30' },
    where: ['level:major', 'level:'],
  })
})

test('one condition alone may come without a list', () => {
  const filter = filterOfFigure(figure('x', 'work', 1, { where: 'work_kind:salvage' }))
  expect(filter.where).toEqual({ work_kind: ['salvage'] })
})
