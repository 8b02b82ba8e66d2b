import { describe, expect, it } from 'vitest'
import { eventLimit, handledAt, type Handling } from './eventDue.ts'

const DAY = 24 * 60 * 60_000
const SEEN = Date.UTC(2026, 10, 22, 0, 10)
const open: Handling = { seen: SEEN, onSpot: false, after: [], works: [], checks: [] }

describe('the limit of an event', () => {
  it('is a day for what floats and seven for what was dumped', () => {
    expect(eventLimit('floating', SEEN)).toEqual({ at: SEEN + DAY, isAtOnce: false })
    expect(eventLimit('dump', SEEN)?.at).toBe(SEEN + 7 * DAY)
  })

  it('leaves no time to who digs sand', () => {
    expect(eventLimit('mining', SEEN)).toEqual({ at: SEEN, isAtOnce: true })
  })

  it('is not made up for a class of a newer app', () => {
    expect(eventLimit('noise' as 'dump', SEEN)).toBeNull()
    expect(eventLimit(undefined, SEEN)).toBeNull()
  })
})

describe('an event is dealt with', () => {
  it('by whoever found it, when the picture after was taken', () => {
    expect(handledAt(open)).toBeNull()
    expect(handledAt({ ...open, onSpot: true })).toBe(SEEN)
    expect(handledAt({ ...open, onSpot: true, after: [SEEN + 5] })).toBe(SEEN + 5)
  })

  it('when the work of others is done, not while it goes on', () => {
    const started = SEEN + 1
    expect(handledAt({ ...open, works: [{ started, ended: null }] })).toBeNull()
    expect(handledAt({ ...open, works: [{ started, ended: started + 9 }] })).toBe(started + 9)
  })

  it('not any more once a check did not pass, until it is dealt with anew', () => {
    const checks = [{ at: SEEN + 10, passed: false }]
    expect(handledAt({ ...open, onSpot: true, after: [SEEN + 5], checks })).toBeNull()
    expect(handledAt({ ...open, onSpot: true, after: [SEEN + 5, SEEN + 20], checks })).toBe(
      SEEN + 20,
    )
  })
})
