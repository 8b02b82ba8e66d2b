import { describe, expect, it } from 'vitest'
import { against, withReason } from './reason.ts'

const again = (reason: string) => `${reason}（又一次）`

describe('why something was corrected or made void', () => {
  it('stands beside the note, of every kind', () => {
    expect(withReason('hazard', { note: '墙根有水' }, '长度写错', again)).toEqual({
      correction: '长度写错',
    })
    expect(withReason('patrol', {}, '已作废：记重了', again)).toEqual({
      correction: '已作废：记重了',
    })
  })

  it('is written anew where the version before gave the same one', () => {
    const first = withReason('work', {}, '长度写错', again)
    const second = withReason('work', first, '长度写错', again)
    expect(second).toEqual({ correction: '长度写错（又一次）' })
    expect(withReason('work', second, '长度写错', again)).toEqual(first)
  })

  it('is as long as its field takes', () => {
    const { correction = '' } = withReason('work', {}, '长'.repeat(300), again)
    expect([...correction]).toHaveLength(200)
  })
})

describe('what a line does to what stands', () => {
  const standing = {
    length_m: 12,
    note: '渗水',
    correction: '长度写错',
    types: ['leak'],
    flow: null,
  }

  it.each([
    ['to change something is to correct it', { length_m: 36 }, ['length_m'], []],
    ['to take something away too', { note: null }, ['note'], []],
    ['a list is compared by what is in it', { types: ['leak'] }, [], []],
    ['to fill what was empty adds to it', { flow: 3, height_m: 2 }, [], ['flow', 'height_m']],
    ['the reason itself is neither', { correction: '别的' }, [], []],
    ['nor is why there is no photo', { no_photo_reason: '太暗' }, [], []],
  ])('%s', (_what, changes, replaced, filled) => {
    expect(against({ ...standing, ...changes }, standing, false)).toEqual({ replaced, filled })
  })

  it('a level corrects only where a person chose it', () => {
    const before = { level: 'general' }
    expect(against({ level: 'major' }, before, false).replaced).toEqual([])
    expect(against({ level: 'major' }, before, true).replaced).toEqual(['level'])
  })
})
