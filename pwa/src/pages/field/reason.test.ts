import { describe, expect, it } from 'vitest'
import { withReason } from './reason.ts'

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
