import { describe, expect, it } from 'vitest'
import { fitted, wrapped } from './develop.ts'
import { stampLines } from './stamp.ts'

const shot = {
  taken: Date.UTC(2026, 10, 22, 6, 32, 5),
  fix: { lon: 124.351234, lat: 43.171234, acc: 6.4 },
  heading: 138,
  chainage: 5860,
  person: '张河',
  zone: '南河中段',
}

describe('stamp', () => {
  it('says when, where, how exactly, which way, who', () => {
    expect(stampLines(shot)).toEqual([
      '2026-11-22 14:32:05',
      'K5+860 · 43.17123, 124.35123 · 准到 6 米 · 朝东南',
      '南河中段 · 张河',
    ])
  })

  it('leaves out what is not known and invents nothing', () => {
    const bare = { ...shot, heading: null, chainage: null, zone: '' }
    expect(stampLines(bare)[1]).toBe('43.17123, 124.35123 · 准到 6 米')
    expect(stampLines(bare)[2]).toBe('张河')
    expect(stampLines({ ...shot, fix: null })[1]).toBe('没有定位')
  })
})

describe('picture', () => {
  it('fits the long side into 1600 and never grows', () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 })
    expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 })
    expect(fitted(640, 480)).toEqual({ width: 640, height: 480 })
  })

  it('breaks Chinese anywhere', () => {
    expect(wrapped('南河中段张河', 4, (text) => text.length)).toEqual(['南河中段', '张河'])
  })
})
