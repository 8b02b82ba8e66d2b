// Where the phone is, along which zone's line, and what a photo taken now says about it.

import type { Id } from '@hushui/sync'
import { computed, shallowRef, watch } from 'vue'
import type { ComputedRef, Ref } from 'vue'
import type { Along, HsRecord, Position, Session } from '../app.ts'
import { openPlaces } from '../capture/position.ts'
import type { HeardFor, Place, Places, Purpose } from '../capture/position.ts'
import { accuracyOf } from '../geo/accuracy.ts'
import { ACC_M_MAX, distanceToPolygon, project } from '../geo/chainage.ts'
import type { DraftParts } from './drafts.ts'
import type { Views } from './views.ts'

export interface Here {
  readonly places: Places
  readonly heard: Readonly<Ref<HeardFor>>
  /** Of the page that takes a place for a record; where there is none, of the patrol. */
  position(session: Readonly<Ref<Session>>): ComputedRef<Position>
}

export function createHere(
  views: Views,
  isAgreed: (purpose: Purpose) => boolean,
  onPlace: (place: Place) => void,
): Here {
  const off = { place: null, state: 'off' as const }
  const heard = shallowRef<HeardFor>({ track: off, place: off })
  const places = openPlaces(isAgreed, (next) => {
    const { place, state } = next.track
    const isNew = place !== heard.value.track.place
    heard.value = next
    if (place && isNew && state === 'good') onPlace(place)
  })
  // At once: whoever takes his word back is not recorded a moment longer.
  watch([() => isAgreed('track'), () => isAgreed('place')], places.look, { flush: 'sync' })
  const zones = views.records.list('zone')

  return {
    places,
    heard,
    position: (session) =>
      computed<Position>(() => {
        const { track, place } = heard.value
        const { place: last, state } = place.state === 'off' ? track : place
        if (!last) return { state, fix: null, accuracy: null, along: null, outside: false }
        const accuracy = accuracyOf(last.acc)
        const own = session.value.phase === 'enrolled' ? session.value.rights.zones : []
        return { state, fix: last, accuracy, ...lieOf(last, zones.value, own) }
      }),
  }
}

/** What is burnt into a photo. */
export function stampNow(
  place: Place | null,
  { along }: Position,
  session: Session,
  views: Views,
): ReturnType<DraftParts['here']> {
  const zone = along && (views.find(along.zone) as HsRecord<'zone'> | undefined)?.fields.name
  const person = session.phase === 'enrolled' ? session.name : ''
  return { place, chainage: along?.chainage ?? null, person, zone: zone ?? '' }
}

/** Metres from a zone's edge within which a place still counts as in it. */
const ZONE_REACH_M = 100

/** The own zones first, then the nearest line. */
function lieOf(
  { lon, lat, acc }: Place,
  zones: readonly HsRecord<'zone'>[],
  own: readonly Id[],
): Pick<Position, 'along' | 'outside'> {
  let best: (Along & { readonly rank: number }) | null = null
  const seen: Id[] = []
  let isNear = false
  for (const { id, fields, deleted } of zones) {
    const { line, polygon, chainage_start: start = 0 } = fields
    if (deleted || !line || line.length < 2) continue
    const { chainage, offset, side: bank } = project(line, start, [lon, lat])
    const away = polygon && polygon.length > 2 ? distanceToPolygon(polygon, [lon, lat]) : offset
    seen.push(id)
    isNear ||= away <= (acc > ACC_M_MAX ? acc : ZONE_REACH_M)
    if (away > ZONE_REACH_M) continue
    const rank = away + offset / 1000 + (own.includes(id) ? 0 : ZONE_REACH_M * 2)
    if (!best || rank < best.rank) best = { zone: id, chainage, offset, bank, rank }
  }
  if (!best) {
    // A zone that has not come yet may be the one.
    const isKnown = seen.length > 0 && own.every((id) => seen.includes(id))
    return { along: null, outside: isKnown && !isNear }
  }
  const { zone, chainage, offset, bank } = best
  return { along: { zone, chainage, offset, bank }, outside: false }
}
