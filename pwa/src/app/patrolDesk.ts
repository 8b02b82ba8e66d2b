// The running patrol as pages see it.

import { computed } from 'vue'
import type { Id } from '@hushui/sync'
import type { Ref } from 'vue'
import type { ActivePatrol, PatrolDesk } from '../app.ts'
import type { PlaceState } from '../capture/position.ts'
import { pathOf } from '../capture/patrol.ts'
import { firstStrips } from '../capture/strips.ts'
import { nearest, openGap } from '../capture/track.ts'
import type { Track } from '../capture/track.ts'
import { now } from '../ports.ts'
import type { Current } from './current.ts'
import type { Here } from './here.ts'
import type { Views } from './views.ts'

/** Without a fix for so long, it says so. */
const LOST_MS = 60_000

/** So long it is said that a fix was too far to be true. */
const JUMP_SAID_MS = 60_000

/** `turns`: each changes when the patrol must be drawn anew. */
export function createPatrolDesk(
  { device, inUse }: Current,
  { heard }: Here,
  views: Views,
  turns: readonly Readonly<Ref<number>>[],
): PatrolDesk {
  const checkpoints = views.records.list('checkpoint')
  const zoneOf = (zone: Id | null) =>
    zone === null ? undefined : views.records.get<'zone'>(zone).value?.fields

  const active = computed<ActivePatrol | null>(() => {
    for (const turn of turns) void turn.value
    const patrolling = device.value?.patrol
    const patrol = patrolling?.patrol()
    if (!patrolling || !patrol) return null
    const { record, zone, started, paused, track, visits, strips, said = {} } = patrol
    const open = openGap(track, now())
    const path = [...patrol.path, ...pathOf(track.points, strips)]
    const { place: last, state } = heard.value.track
    const newest = new Map(visits.map(({ checkpoint, result }) => [checkpoint, result]))
    const isSeen = (id: Id) => (newest.get(id) ?? 'withdrawn') !== 'withdrawn'
    const near = checkpoints.value.flatMap(({ id, fields }) => {
      const { point } = fields
      const isOpen = fields.zone === zone && !isSeen(id) && point && point.source !== 'none'
      return isOpen ? [{ id, lon: point.lon, lat: point.lat }] : []
    })
    return {
      ...{ record, zone, started, paused, visits, said },
      recording: paused ? 'paused' : recordingOf(track, state, started),
      jump_m: jumpOf(track),
      awake: patrolling.isAwake(),
      distance_m: Math.round(track.distance),
      track: path.map(([lon, lat]) => [lon, lat] as const),
      walked: path.map(([, , mask = 0]) => mask),
      strips: strips ?? null,
      gaps: [
        ...patrol.gaps,
        ...track.gaps,
        ...(open ? [{ from: open.from, to: null, reason: open.reason }] : []),
      ],
      near: last && !paused ? (nearest(last, near)?.id ?? null) : null,
    }
  })

  return {
    active,
    start: (zone) => inUse().patrol.start(zone, firstStrips(zoneOf(zone))),
    walk: (strips) => inUse().patrol.walk(strips),
    visit: (checkpoint, result, by) => inUse().patrol.visit(checkpoint, result, by),
    pause: () => inUse().patrol.pause(),
    resume: () => inUse().patrol.resume(),
    say: (said) => inUse().patrol.say(said),
    end: (measured = {}) => inUse().patrol.end(measured),
  }
}

const jumpOf = ({ jump }: Track): number | null =>
  jump && now() - jump.at < JUMP_SAID_MS ? Math.round(jump.metres) : null

function recordingOf(
  { heard }: Track,
  state: PlaceState,
  started: number,
): ActivePatrol['recording'] {
  if (state === 'refused') return 'refused'
  if (heard === null && state !== 'unavailable' && now() - started <= LOST_MS) return 'searching'
  return heard === null || now() - heard > LOST_MS ? 'lost' : 'on'
}
