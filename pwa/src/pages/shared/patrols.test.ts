import { describe, expect, it } from 'vitest'
import type { PatrolVisit } from '../../generated/kinds.ts'
import { coveredSoFar, signedAt } from './patrols.ts'
import type { ZoneRecord } from './zones.ts'

const visit = (checkpoint: string, result: PatrolVisit['result'], note?: string): PatrolVisit => ({
  ...{ type: 'visit', checkpoint, at: 0, result },
  ...(note === undefined ? {} : { note }),
})

describe('check-points', () => {
  it('stand with the newest word on them', () => {
    const signed = signedAt([visit('a', 'normal'), visit('a', 'abnormal')])
    expect(signed.get('a')?.result).toBe('abnormal')
  })

  it('taken back are open again, and not abnormal', () => {
    const signed = signedAt([visit('a', 'normal'), visit('a', 'withdrawn')])
    expect(signed.has('a')).toBe(false)
    const old = visit('a', 'abnormal', '撤销“正常”，要重新看')
    expect(signedAt([visit('a', 'normal'), old]).has('a')).toBe(false)
  })
})

// A line of about 1000 m along the equator.
const line = Array.from({ length: 11 }, (_, n) => [n * 0.0009, 0] as const)
const zone = { fields: { line, chainage_start: 4000 } } as unknown as ZoneRecord

describe('a patrol under way', () => {
  it('has a hole where its track jumps, with the reason of the newest gap', () => {
    const track = [line[0], line[1], line[6], line[7]].flatMap((it) => (it ? [it] : []))
    const gaps = [{ from: 0, to: 1, reason: 'screen_off' as const }]
    const seen = coveredSoFar(zone, { track, gaps })
    expect(seen?.holes).toHaveLength(1)
    expect(seen?.holes[0]?.gap).toBe('screen_off')
    expect(Math.round((seen?.holes[0]?.from ?? 0) / 10)).toBe(410)
    expect(Math.round((seen?.holes[0]?.to ?? 0) / 10)).toBe(460)
  })

  it('says nothing where the line of the zone is not on this phone', () => {
    const bare = { fields: {} } as unknown as ZoneRecord
    expect(coveredSoFar(bare, { track: [], gaps: [] })).toBeNull()
  })
})
