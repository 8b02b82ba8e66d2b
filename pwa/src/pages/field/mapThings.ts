// What of this phone's records stands on the map: where, and by which symbol.

import type { HsRecord } from '../../app.ts'
import { pointAt } from '../../geo/chainage.ts'
import type { Geo, KindCode, Position, Zone } from '../../generated/kinds.ts'
import type { MapThing, Ring } from '../../ui/index.ts'
import { levelOf } from '../shared/level.ts'
import { objectThing } from '../shared/mapObjects.ts'

export const LAYERS = ['danger', 'task', 'checkpoint', 'object', 'walk'] as const
export type Layer = (typeof LAYERS)[number]

const LAYER_OF: Partial<Readonly<Record<KindCode, Layer>>> = {
  hazard: 'danger',
  work: 'task',
  event: 'task',
  checkpoint: 'checkpoint',
  object: 'object',
}

export const layerOf = (kind: KindCode): Layer => LAYER_OF[kind] ?? 'task'

/** Records about others, as far as they say how these stand. */
export interface Course {
  readonly closed: ReadonlySet<string>
  readonly handling: ReadonlySet<string>
}

export function courseOf(
  checks: readonly HsRecord<'verification'>[],
  acts: readonly (HsRecord<'dispatch'> | HsRecord<'repair'>)[],
): Course {
  const passed = checks.filter(
    ({ fields, deleted, flags }) =>
      fields.result === 'pass' && !deleted && !flags.includes('verified_by_handler'),
  )
  const targets = (list: readonly { readonly fields: { readonly target?: string } }[]) =>
    new Set(list.flatMap(({ fields }) => fields.target ?? []))
  return { closed: targets(passed), handling: targets(acts.filter(({ deleted }) => !deleted)) }
}

function ringOf({ id, local }: HsRecord, { closed, handling }: Course): Ring {
  if (local) return 'local'
  if (closed.has(id)) return 'closed'
  return handling.has(id) ? 'handling' : 'open'
}

export function thingOf(record: HsRecord, course: Course): MapThing {
  const ring = ringOf(record, course)
  const fields = record.fields as Readonly<Record<string, unknown>>
  switch (record.kind) {
    case 'hazard': {
      const level = levelOf(record)
      const serious = level === 'major' || level === 'extraordinary'
      if (fields['nature'] === 'latent') return { thing: 'hidden', serious, ring }
      return { thing: 'danger', level, ring }
    }
    case 'work':
      // The waves have no ring: what is only here must still look so.
      return fields['work_kind'] === 'salvage' && ring !== 'local'
        ? { thing: 'salvage' }
        : { thing: 'task', ring }
    case 'object':
      return objectThing(fields['class'])
    default:
      return { thing: 'task', ring }
  }
}

type Placed = Readonly<Partial<Record<'zone' | 'place' | 'chainage' | 'line', unknown>>>
type Lined = Readonly<Partial<Pick<Zone, 'line' | 'chainage_start'>>>

/** Where it is said to be; else where its chainage lies; else in the middle of its own line. */
export function whereOf(fields: Placed, zone: (id: string) => Lined | undefined): Position | null {
  const place = fields.place as Geo | null | undefined
  if (place && place.source !== 'none') return [place.lon, place.lat]
  const found = typeof fields.zone === 'string' ? zone(fields.zone) : undefined
  if (found?.line && found.line.length > 1 && typeof fields.chainage === 'number') {
    return pointAt(found.line, found.chainage_start ?? 0, fields.chainage)
  }
  const own = fields.line as readonly Position[] | null | undefined
  return own?.[Math.floor(own.length / 2)] ?? null
}
