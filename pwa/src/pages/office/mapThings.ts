// Which symbol stands for a record on the map.

import type { Level, MapThing, Ring } from '../../ui/index.ts'
import { standOf, type Body } from './wire.ts'

const LEVELS: readonly unknown[] = ['general', 'larger', 'major', 'extraordinary'] satisfies Level[]

/** null: no hazard, or nobody has set its level. */
export const levelOf = ({ kind, fields }: Pick<Body, 'kind' | 'fields'>): Level | null =>
  kind === 'hazard' && LEVELS.includes(fields['level']) ? (fields['level'] as Level) : null

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
      return { thing: 'task', ring }
    default:
      return null
  }
}

const isSerious = (level: unknown): boolean => level === 'major' || level === 'extraordinary'
