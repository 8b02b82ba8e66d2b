import { describe, expect, it } from 'vitest'
import { withReason } from './reason.ts'

describe('why something was corrected or made void', () => {
  it('stands as the last line of the free text of its kind', () => {
    expect(withReason('hazard', { note: '墙根有水' }, '更正：长度写错')).toEqual({
      note: '墙根有水\n更正：长度写错',
    })
    expect(withReason('patrol', {}, '已作废：记重了')).toEqual({ summary: '已作废：记重了' })
  })

  it('is kept whole when the text gets too long', () => {
    const { note = '' } = withReason('work', { note: '长'.repeat(300) }, '更正：人数')
    expect([...note]).toHaveLength(300)
    expect(note.endsWith('更正：人数')).toBe(true)
  })
})
