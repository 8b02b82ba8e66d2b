import { describe, expect, test } from 'vitest'
import * as format from './format.ts'

const sunday = Date.UTC(2026, 10, 22, 6, 32, 5)
const lateEvening = Date.UTC(2022, 6, 7, 16, 0, 0)

describe('times', () => {
  test('are shown at +08:00 whatever the phone is set to', () => {
    expect(format.dateTime(sunday)).toBe('11月22日 周日 14:32')
    expect(format.dateTime(lateEvening)).toBe('7月8日 周五 00:00')
  })

  test('name weekday and month in English', () => {
    expect(format.dateTime(sunday, 'en')).toBe('22 Nov Sun 14:32')
    expect(format.fullDate(lateEvening, 'en')).toBe('8 Jul 2022')
  })

  test('show seconds only where asked', () => {
    expect(format.time(sunday)).toBe('14:32')
    expect(format.timeWithSeconds(sunday)).toBe('14:32:05')
    expect(format.stamp(sunday)).toBe('2026-11-22 14:32:05')
  })

  test('carry the year in documents', () => {
    expect(format.fullDate(lateEvening)).toBe('2022年7月8日')
  })

  test('of a range repeat the day only when it changes', () => {
    const morning = Date.UTC(2022, 6, 8, 0, 30)
    expect(format.timeRange(morning, morning + 9 * 3600_000)).toBe('08:30–17:30')
    expect(format.timeRange(morning, morning + 24 * 3600_000)).toBe('08:30–7月9日 08:30')
  })

  test('before 1970 still fall on the right day', () => {
    expect(format.sameDay(-1, 0)).toBe(true)
    expect(format.sameDay(-8 * 3600_000 - 1, 0)).toBe(false)
  })
})

describe('a duration', () => {
  test.each([
    [0, '0 秒'],
    [45_999, '45 秒'],
    [7 * 60_000, '7 分钟'],
    [60 * 60_000, '1 小时'],
    [156 * 60_000, '2 小时 36 分'],
    [24 * 3600_000 - 1, '23 小时 59 分'],
    [3 * 24 * 3600_000, '3 天'],
    [-5, '0 秒'],
  ])('of %i ms reads %s', (ms, words) => {
    expect(format.duration(ms)).toBe(words)
  })

  test('still running counts hours and minutes', () => {
    expect(format.runningTime(28 * 60_000 + 7999)).toBe('00:28:07')
    expect(format.runningTime(100 * 60_000)).toBe('01:40:00')
  })
})

describe('a chainage', () => {
  test.each([
    [5860, 'K5+860'],
    [0, 'K0+000'],
    [999.6, 'K1+000'],
    [12_005.4, 'K12+005'],
    [-120, '-K0+120'],
    [-0.2, 'K0+000'],
  ])('of %d metres reads %s', (metres, words) => {
    expect(format.chainage(metres)).toBe(words)
  })

  test('of a stretch has one dash', () => {
    expect(format.chainageRange(1200, 1520)).toBe('K1+200–K1+520')
  })
})

describe('figures', () => {
  test('round as one would on paper', () => {
    expect(format.fixed(1.005, 2)).toBe('1.01')
    expect(format.fixed(-0.04, 1)).toBe('0.0')
    expect(format.fixed(1e-9, 2)).toBe('0.00')
  })

  test('of distance change to kilometres at one', () => {
    expect(format.distance(120)).toBe('120 米')
    expect(format.distance(999.4)).toBe('999 米')
    expect(format.distance(999.6)).toBe('1.0 千米')
    expect(format.distance(1840)).toBe('1.8 千米')
  })

  test('of a share never claim all or nothing wrongly', () => {
    expect(format.share(0.39)).toBe('39%')
    expect(format.share(0.999)).toBe('99%')
    expect(format.share(0.001)).toBe('1%')
    expect(format.share(1)).toBe('100%')
    expect(format.share(0)).toBe('0%')
  })

  test('of bytes read like the phone’s own settings', () => {
    expect(format.bytes(512)).toBe('512 B')
    expect(format.bytes(320_000)).toBe('320 KB')
    expect(format.bytes(50_000_000)).toBe('50 MB')
    expect(format.bytes(1_800_000_000)).toBe('1.8 GB')
    expect(format.bytes(2_000_000)).toBe('2 MB')
    expect(format.bytes(999_600)).toBe('1 MB')
  })
})

test('a bearing falls into one of eight directions', () => {
  expect(format.bearing(138)).toBe('se')
  expect(format.bearing(359)).toBe('n')
  expect(format.bearing(-90)).toBe('w')
})
