// @vitest-environment happy-dom

import type { Draft, JsonObject, Op } from '@hushui/sync'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { patrolling } from './patrol.ts'
import type { Keeping, Patrol } from './patrol.ts'
import type { Place, Places } from './position.ts'
import { firstStrips, maskOf } from './strips.ts'

const START = 1_795_500_000_000
const METRE = 1 / 111_195
const places: Places = {
  state: () => 'good',
  last: () => null,
  watch: () => () => undefined,
  close: () => undefined,
} as unknown as Places

let kept: JsonObject | null
let lines: Omit<Draft, 'id'>[]
let writing: Promise<void>

const op = (record: string, act: Op['act'], set: object): Op => ({
  ...{ kind: 'patrol' as const, record, act, base: {} },
  set: set as JsonObject,
})
const keeping: Keeping = {
  submit: async (draft, along) => {
    await writing
    lines.push(draft)
    kept = along.patrol
    return { n: lines.length, entry: 'e', hash: 'h', wall: START }
  },
  keep: (patrol) => {
    kept = patrol
    return Promise.resolve()
  },
  put: (record, fields) => op(record, 'put', fields),
  add: (record, set) => op(record, 'add', set),
  changed: () => undefined,
}

const at = (seconds: number): Place => {
  vi.setSystemTime(START + seconds * 1000)
  const lat = 43.17 + seconds * METRE
  return { lon: 124.35, lat, acc: 5, at: START + seconds * 1000, heading: null }
}
const segments = () =>
  lines.flatMap(({ ops }) => ops.map(({ set }) => set).filter(({ type }) => type === 'segment'))

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  kept = null
  lines = []
  writing = Promise.resolve()
})

describe('strips', () => {
  it('who goes to another strip seals what was walked as what it was', async () => {
    const patrol = patrolling(null, places, keeping)
    await patrol.start('z', ['crest'])
    for (const seconds of [0, 20, 40]) patrol.onPlace(at(seconds))
    await patrol.walk(['crest', 'toe'])
    for (const seconds of [60, 80]) patrol.onPlace(at(seconds))
    await patrol.end({})
    expect(segments().map(({ strips, points }) => [strips, points])).toEqual([
      [['crest'], 3],
      [['crest', 'toe'], 2],
    ])
    expect(segments()[0]?.['to']).toBe(segments()[1]?.['from'])
  })

  it('what is heard while it is written is of the strip that comes', async () => {
    const patrol = patrolling(null, places, keeping)
    await patrol.start('z', ['crest'])
    for (const seconds of [0, 20]) patrol.onPlace(at(seconds))
    let go!: () => void
    writing = new Promise((resolve) => (go = resolve))
    const walking = patrol.walk(['toe'])
    await vi.waitFor(() => expect(patrol.patrol()).not.toBeNull())
    patrol.onPlace(at(40))
    go()
    await walking
    const { path, strips, track } = patrol.patrol() as Patrol
    expect(strips).toEqual(['toe'])
    expect(path.map(([, , mask]) => mask)).toEqual([maskOf(['crest']), maskOf(['crest'])])
    expect(track.points).toHaveLength(1)
    await patrol.end({})
    expect(segments().map(({ strips }) => strips)).toEqual([['crest'], ['toe']])
  })

  it('with nothing walked yet it is only kept, and lies on the disk', async () => {
    const patrol = patrolling(null, places, keeping)
    await patrol.start('z', ['crest'])
    await patrol.walk(['toe'])
    expect(lines).toHaveLength(1)
    expect((kept as unknown as Patrol).strips).toEqual(['toe'])
    await patrol.walk(['toe'])
    expect(lines).toHaveLength(1)
  })

  it('are of a dike: a canal has none, and nobody said means a dike', () => {
    const line = [
      [124, 43],
      [124, 43.1],
    ] as const
    expect(firstStrips({ line })).toEqual(['crest'])
    expect(firstStrips({ line, object_classes: ['sluice', 'dike'] })).toEqual(['crest'])
    expect(firstStrips({ line, object_classes: ['canal'] })).toBeUndefined()
    expect(firstStrips({})).toBeUndefined()
    expect(firstStrips(undefined)).toBeUndefined()
  })
})
