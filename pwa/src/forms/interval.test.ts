import { describe, expect, it } from 'vitest'
import { intervalOf } from './interval.ts'
import type { Gauge, InForce } from './interval.ts'

const HOUR = 3_600_000
/** 2026-07-08 14:00 +08:00 */
const NOON = Date.UTC(2026, 6, 8, 6)
/** [T] of scenario 6. */
const LEVELS = { z_fortify: 20.6, z_warning: 21.5, z_guarantee: 22.8 }

const gauge = (...z: number[]): Gauge => ({
  name: '南河站',
  levels: LEVELS,
  readings: z.map((it, n) => ({ at: NOON - (z.length - 1 - n) * HOUR, z: it })),
})
const response = (level: string, to: number | null = null): InForce => ({
  ...{ level, of: '洪水', from: NOON - HOUR, to },
})
const minutes = (gauges: readonly Gauge[], responses: readonly InForce[] = [], now = NOON) =>
  (intervalOf(gauges, responses, now)?.ms ?? NaN) / 60_000

describe('by the water', () => {
  it.each([
    [[20.58], 24 * 60, 'normal'],
    [[20.58, 20.61], 4 * 60, 'guard'],
    [[20.61, 21.49], 4 * 60, 'guard'],
    [[21.49, 21.5], 2 * 60, 'warning'],
    [[21.5, 21.52], 2 * 60, 'warning'],
    [[21.52, 22.81], 30, 'guarantee'],
    [[22.8], 30, 'guarantee'],
  ])('scenario 6: %j is every %d minutes, %s', (z, every, state) => {
    const found = intervalOf([gauge(...z)], [], NOON)
    expect(found?.ms).toBe(every * 60_000)
    expect(found?.why).toMatchObject({ gauge: '南河站', z: z.at(-1), state: { code: state } })
  })

  it('a threshold that is missing never triggers', () => {
    const rest = { z_fortify: 20.6, z_warning: 21.5 }
    expect(minutes([{ ...gauge(22.9), levels: rest }])).toBe(2 * 60)
    expect(minutes([{ ...gauge(22.9), levels: {} }])).toBeNaN()
  })

  it('above warning at night is hourly', () => {
    const night = NOON + 4 * HOUR
    const read = { ...gauge(21.6), readings: [{ at: night - HOUR, z: 21.6 }] }
    expect(minutes([read], [], night)).toBe(60)
    expect(minutes([read], [], night - 60_000)).toBe(2 * 60)
    const dawn = NOON + 16 * HOUR
    const early = { ...gauge(), readings: [{ at: dawn - HOUR, z: 21.6 }] }
    expect(minutes([early], [], dawn - 60_000)).toBe(60)
    expect(minutes([early], [], dawn)).toBe(2 * 60)
  })

  it('fallen water is watched for 48 hours', () => {
    const fell = (hours: number): Gauge => ({
      ...gauge(),
      readings: [
        { at: NOON - hours * HOUR, z: 20.7 },
        { at: NOON - HOUR, z: 20.5 },
      ],
    })
    expect(intervalOf([fell(48)], [], NOON)?.row.code).toBe('recession')
    expect(intervalOf([fell(49)], [], NOON)?.row.code).toBe('normal')
  })

  it('what was read more than a day ago, or is to come, says nothing', () => {
    const old = { ...gauge(), readings: [{ at: NOON - 24 * HOUR - 1, z: 22.9 }] }
    const ahead = { ...gauge(), readings: [{ at: NOON + 1, z: 22.9 }] }
    expect(minutes([old])).toBeNaN()
    expect(minutes([ahead])).toBeNaN()
  })
})

describe('by the response', () => {
  it.each([
    ['response_i', 30],
    ['response_ii', 2 * 60],
    ['response_iii', 4 * 60],
    ['response_iv', 12 * 60],
  ])('%s is every %d minutes', (level, every) => {
    expect(minutes([], [response(level)])).toBe(every)
  })

  it('only while it is in force', () => {
    expect(minutes([], [response('response_i', NOON)])).toBeNaN()
    expect(minutes([], [response('response_i', NOON + 1)])).toBe(30)
    expect(minutes([], [{ ...response('response_i'), from: NOON + 1 }])).toBeNaN()
  })
})

describe('both', () => {
  it('the shorter wins and says why', () => {
    const water = intervalOf([gauge(21.6)], [response('response_iii')], NOON)
    expect(water?.why).toMatchObject({ gauge: '南河站' })
    const called = intervalOf([gauge(20.7)], [response('response_ii')], NOON)
    expect(called?.why).toEqual({ response: '洪水' })
    // As often: the water, which is what one goes out for.
    const same = intervalOf([gauge(21.6)], [response('response_ii')], NOON)
    expect(same?.why).toMatchObject({ gauge: '南河站' })
  })

  it('of several stations the worst', () => {
    expect(minutes([gauge(20.7), gauge(22.9), gauge(20.1)])).toBe(30)
  })

  it('nothing known is nothing said', () => {
    expect(intervalOf([], [], NOON)).toBeNull()
  })
})
