// Which symbol stands for a record on the map.

import type { MapThing, Ring } from '../../ui/index.ts'
import { levelOf } from '../shared/level.ts'
import { objectThing } from '../shared/mapObjects.ts'
import { standOf, type Body } from './wire.ts'

/** null: a round is a line, not a symbol. */
export function thingOf(body: Body): MapThing | null {
  const { kind, fields } = body
  // What nobody will use any more steps back.
  const ring: Ring = standOf(body) === 'rejected' ? 'closed' : 'open'
  switch (kind) {
    case 'hazard': {
      if (fields['nature'] === 'latent')
        return { thing: 'hidden', ring, serious: isSerious(fields['level']) }
      return { thing: 'danger', level: levelOf(body), ring }
    }
    case 'work':
      return fields['work_kind'] === 'salvage' ? { thing: 'salvage' } : { thing: 'task', ring }
    case 'event':
    case 'post':
      return { thing: 'task', ring }
    case 'checkpoint':
      return { thing: 'checkpoint', number: Number(fields['number'] ?? 0) }
    case 'object':
      return objectThing(fields['class'])
    case 'reading':
      return { thing: 'staff' }
    default:
      return null
  }
}

const isSerious = (level: unknown): boolean => level === 'major' || level === 'extraordinary'
