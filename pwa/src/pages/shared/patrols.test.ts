import { describe, expect, it } from 'vitest'
import type { PatrolVisit } from '../../generated/kinds.ts'
import { maskOf, type Strip } from '../../capture/strips.ts'
import { coveredBy, coveredSoFar, signedAt, stripsCovered, wayOf, type Piece } from './patrols.ts'
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

// A line of about 1000 m along the equator, and those beside it.
const line = Array.from({ length: 11 }, (_, n) => [n * 0.0009, 0] as const)
const zone = { id: 'z', fields: { line, chainage_start: 4000 } } as unknown as ZoneRecord
const below = {
  id: 'y',
  fields: { line: [line[10], [0.02, 0]], chainage_start: 5000 },
} as unknown as ZoneRecord
const alone = wayOf(zone, [zone])
const places = (...at: number[]) => at.flatMap((n) => (line[n] ? [line[n]] : []))

describe('a patrol under way', () => {
  it('has a hole where its track jumps, with the reason of the newest gap', () => {
    const track = places(0, 1, 6, 7)
    const gaps = [{ from: 0, to: 1, reason: 'screen_off' as const }]
    const seen = coveredSoFar(alone, { track, gaps, walked: [] })
    expect(seen?.holes).toHaveLength(1)
    expect(seen?.holes[0]?.gap).toBe('screen_off')
    expect(Math.round((seen?.holes[0]?.from ?? 0) / 10)).toBe(410)
    expect(Math.round((seen?.holes[0]?.to ?? 0) / 10)).toBe(460)
  })

  it('says nothing where the line of the zone is not on this phone', () => {
    const bare = { id: 'b', fields: {} } as unknown as ZoneRecord
    expect(wayOf(bare, [zone])).toBeNull()
    expect(coveredSoFar(null, { track: [], gaps: [], walked: [] })).toBeNull()
  })

  it('goes 20 m into the neighbour, and says what is left of it', () => {
    const way = wayOf(zone, [zone, below])
    const seen = coveredSoFar(way, { track: places(0, 1, 2, 3), gaps: [], walked: [] })
    const [gap] = seen?.gaps ?? []
    expect(Math.round(gap?.[0] ?? 0)).toBe(4300)
    expect(Math.round((gap?.[1] ?? 0) - 4000)).toBe(Math.round(1000.8 + 20))
  })

  it('covers each strip by itself: walked on another one is not walked on this', () => {
    const there = [maskOf(['crest']), maskOf(['crest', 'toe']), maskOf(['toe']), maskOf(['crest'])]
    const walk = { track: places(0, 1, 2, 3), walked: there, gaps: [] }
    const lengthOf = (strip: Strip) => {
      const parts = coveredSoFar(alone, walk, strip)?.parts ?? []
      return Math.round(parts.reduce((sum, [a, b]) => sum + b - a, 0) / 10) * 10
    }
    expect(lengthOf('crest')).toBe(100)
    expect(lengthOf('toe')).toBe(100)
    expect(lengthOf('landside_slope')).toBe(0)
    expect(coveredSoFar(alone, walk)?.parts).toHaveLength(1)
  })
})

/** Along the line, a fix each 20 s, at these tens of its vertices. */
const piece = (
  strips: readonly Strip[],
  from: number,
  seconds: number,
  ...at: number[]
): Piece => ({
  strips: maskOf(strips),
  fixes: at.map((n, i) => ({
    ...{ lon: n * 0.0009, lat: 0, acc: 5 },
    at: (from + i * seconds) * 1000,
  })),
})
const metres = ({ parts }: { readonly parts: readonly (readonly [number, number])[] }) =>
  parts.map(([a, b]) => [a, b].map((it) => Math.round(it / 10) * 10))

describe('a patrol that is over', () => {
  it('covers on each strip what was walked there, and not what was skipped on another', () => {
    if (!alone) throw new Error('no line')
    // Down to the toe for 20 s, and up again 100 m further.
    const pieces = [
      piece(['crest'], 0, 20, 0, 1, 2),
      piece(['toe'], 50, 5, 2.2, 2.8),
      piece(['crest'], 60, 20, 3, 4),
    ]
    const strips = stripsCovered(alone, pieces, [])
    const crest = strips?.get('crest')
    expect(crest && metres(crest)).toEqual([
      [4000, 4200],
      [4300, 4400],
    ])
    expect(strips?.get('landside_slope')?.parts).toEqual([])
    expect(metres(coveredBy(alone, pieces, []))).toEqual([[4000, 4400]])
    expect(stripsCovered(alone, [piece([], 0, 20, 0, 1)], [])).toBeNull()
  })

  it('has a hole on the strip on which nothing was recorded, and on no other', () => {
    if (!alone) throw new Error('no line')
    const pieces = [
      piece(['crest'], 0, 20, 0, 1),
      piece(['toe'], 40, 20, 2, 3),
      piece(['toe'], 360, 20, 5, 6),
      piece(['crest'], 400, 20, 7, 8),
    ]
    const gaps = [{ gap: 'screen_off' as const, from: 60_000, to: 360_000 }]
    const strips = stripsCovered(alone, pieces, gaps)
    expect(strips?.get('crest')?.holes).toEqual([])
    const [hole] = strips?.get('toe')?.holes ?? []
    expect([hole?.from, hole?.to].map((it) => Math.round((it ?? 0) / 10) * 10)).toEqual([
      4300, 4500,
    ])
  })
})
