// A patrol as text for the work chat, from what this phone holds.

import { useApp } from '../../app.ts'
import { patrolText, type Round } from '../../forms/patrolText.ts'
import type { Patrol, PatrolVisit } from '../../generated/kinds.ts'
import * as format from '../../text/format.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { signedAt } from '../shared/patrols.ts'
import { joined } from '../shared/words.ts'
import { useZones } from '../shared/zones.ts'

export interface Walked {
  readonly author: string
  readonly fields: Partial<Patrol>
  readonly visits: readonly PatrolVisit[]
  readonly gaps: Round['gaps']
  readonly state: string
}

const FOUND = ['hazard', 'event']

export function usePatrolText() {
  const app = useApp()
  const words = useFieldWords()
  const zones = useZones()
  const points = app.records.list('checkpoint')
  const all = app.records.list()

  /** Hazards and events that the walker reported between beginning and end. */
  function foundBy(author: string, { started = 0, ended }: Partial<Patrol>): readonly string[] {
    return all.value
      .filter((it) => FOUND.includes(it.kind) && !it.deleted && it.author === author)
      .filter(({ captured }) => captured >= started && captured <= (ended ?? Infinity))
      .sort((a, b) => a.captured - b.captured)
      .map((it) => joined([words.title(it.kind, it.fields), it.number]))
  }

  const nameOf = (id: string) => words.checkpoint(points.value.find((it) => it.id === id)?.fields)

  return ({ author, fields, visits, gaps, state }: Walked): string => {
    const { session } = app
    const lang = words.lang.value
    const abnormal = [...signedAt(visits).values()]
      .filter(({ result }) => result === 'abnormal')
      .map(({ checkpoint, note }) => [nameOf(checkpoint), note].filter(Boolean).join(' '))
    return patrolText(
      {
        org: session.value.phase === 'enrolled' ? session.value.org.name : '',
        author: app.records.nameOf(author),
        zone: (fields.zone && zones.short(fields.zone)) || '',
        found: foundBy(author, fields),
        ...{ fields, abnormal, gaps, state },
      },
      {
        ...words,
        range: (from, to) => format.timeRange(from, to, lang),
        span: (ms) => format.duration(ms, lang),
        day: (ms) => format.day(ms, lang),
        time: format.time,
      },
    )
  }
}
