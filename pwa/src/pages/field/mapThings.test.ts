import { describe, expect, it } from 'vitest'
import { record } from '../../../tests/fakeApp.ts'
import type { HsRecord } from '../../app.ts'
import { courseOf, layerOf, thingOf, whereOf } from './mapThings.ts'

const of = <K extends HsRecord['kind']>(
  kind: K,
  id: string,
  fields: object,
  more: Partial<HsRecord> = {},
) => record({ kind, id, fields: fields as never, ...more }) as HsRecord<K>

const NONE = courseOf([], [])

describe('the symbol of a record', () => {
  it('is a triangle with its level, a diamond, a square, or its structure’s own', () => {
    const things = [
      of('hazard', 'a', { nature: 'acute', level: 'major' }),
      of('hazard', 'b', { nature: 'latent', level: 'major' }),
      of('event', 'c', {}),
      of('work', 'd', { work_kind: 'salvage' }),
      of('object', 'e', { class: 'pump_station' }),
      of('object', 'f', { class: 'sluice' }),
      of('object', 'g', { class: 'gauge' }),
      of('object', 'h', { class: 'canal' }),
    ].map((it) => thingOf(it as HsRecord, NONE))
    expect(things).toEqual([
      { thing: 'danger', level: 'major', ring: 'open' },
      { thing: 'hidden', serious: true, ring: 'open' },
      { thing: 'task', ring: 'open' },
      { thing: 'salvage' },
      { thing: 'pump' },
      { thing: 'gate' },
      { thing: 'staff' },
      { thing: 'object' },
    ])
  })

  it('has a ring for where it stands', () => {
    const hazard = (id: string, local = false) => of('hazard', id, { nature: 'acute' }, { local })
    const course = courseOf(
      [
        of('verification', 'v', { target: 'closed', result: 'pass' }),
        of('verification', 'w', { target: 'open', result: 'fail' }),
        of('verification', 'x', { target: 'open', result: 'pass' }, { deleted: true }),
        of(
          'verification',
          'y',
          { target: 'open', result: 'pass' },
          { flags: ['verified_by_handler'] },
        ),
      ],
      [
        of('dispatch', 'd', { target: 'handled' }),
        of('repair', 'r', { target: 'closed' }),
        of('repair', 's', { target: 'open' }, { deleted: true }),
      ],
    )
    const ring = (it: HsRecord) => (thingOf(it, course) as { readonly ring?: string }).ring
    expect(ring(hazard('open') as HsRecord)).toBe('open')
    expect(ring(hazard('handled') as HsRecord)).toBe('handling')
    expect(ring(hazard('closed') as HsRecord)).toBe('closed')
    expect(ring(hazard('closed', true) as HsRecord)).toBe('local')
    expect(ring(of('work', 'x', { work_kind: 'salvage' }, { local: true }) as HsRecord)).toBe(
      'local',
    )
  })

  it('stands in one layer', () => {
    expect((['hazard', 'work', 'event', 'object', 'checkpoint'] as const).map(layerOf)).toEqual([
      ...['danger', 'task', 'task', 'object', 'checkpoint'],
    ])
  })
})

describe('where it stands', () => {
  const line = [
    [124.33, 43.17],
    [124.34, 43.17],
  ] as const
  const zone = (id: string) =>
    id === 'z'
      ? { line: line.map(([lon, lat]) => [lon, lat] as const), chainage_start: 0 }
      : undefined

  it('is its place, else its chainage, else its own line, else nowhere', () => {
    const place = { source: 'gps', lon: 1, lat: 2 }
    expect(whereOf({ place, zone: 'z', chainage: 100 }, zone)).toEqual([1, 2])
    const [lon = 0, lat] =
      whereOf({ place: { source: 'none' }, zone: 'z', chainage: 400 }, zone) ?? []
    expect(lon).toBeGreaterThan(124.33)
    expect(lon).toBeLessThan(124.34)
    expect(lat).toBeCloseTo(43.17, 5)
    expect(whereOf({ line }, zone)).toEqual(line[1])
    expect(whereOf({ zone: 'z' }, zone)).toBeNull()
    expect(whereOf({ zone: 'elsewhere', chainage: 5 }, zone)).toBeNull()
  })
})
