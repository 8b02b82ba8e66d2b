// Where the phone is, only while somebody asked for it. Direction from the compass, else from moving.

import type { Geo } from '../generated/kinds.ts'
import { now } from '../ports.ts'
import { isPlace } from './track.ts'

export interface Place {
  readonly lon: number
  readonly lat: number
  readonly acc: number
  readonly at: number
  readonly heading: number | null
}

export type PlaceState = 'off' | 'searching' | 'good' | 'stale' | 'refused' | 'unavailable'

/** What a place is taken for; each is agreed to for itself. */
export type Purpose = 'track' | 'place'

export interface Heard {
  readonly place: Place | null
  readonly state: PlaceState
}

/** `off`: nobody asks. `refused` and no place: asked for, and not agreed to. */
export type HeardFor = Readonly<Record<Purpose, Heard>>

export interface Places {
  /** Of the track. */
  state(): PlaceState
  last(): Place | null
  /** Location stays on, as far as it was agreed to, until the returned function is called. */
  watch(purpose?: Purpose): () => void
  /** What was agreed to may have changed. */
  look(): void
  close(): void
}

/** Older, a fix does not stand for now. */
const FRESH_MS = 60_000

export const freshAt = (place: Place | null, at: number): Place | null =>
  place && at - place.at <= FRESH_MS ? place : null

/** A place as records carry it. */
export function geoOf({ lon, lat, acc, at, heading }: Place): Geo {
  return {
    source: 'gps',
    lon: Number(lon.toFixed(7)),
    lat: Number(lat.toFixed(7)),
    acc: Number(acc.toFixed(1)),
    at: Math.round(at),
    ...(heading === null ? {} : { heading: degrees(heading) }),
  }
}

/** Whole degrees, 0 … 359. */
export const degrees = (heading: number): number => Math.round(heading) % 360

const STALE_MS = 30_000
/** Some phones say nothing while they lie still: then they are asked. */
const ASK_MS = 15_000

export function openPlaces(
  isAgreed: (purpose: Purpose) => boolean,
  onChange: (heard: HeardFor) => void,
): Places {
  const service = (navigator as { geolocation?: Geolocation }).geolocation
  const wanted = { track: 0, place: 0 }
  let isOn = false
  let id: number | undefined
  let last: Place | null = null
  let heardAt = 0
  let state: PlaceState = 'off'
  let compass: number | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  function tell(next: PlaceState): void {
    state = next
    onChange({ track: heardFor('track'), place: heardFor('place') })
  }

  function heardFor(purpose: Purpose): Heard {
    if (wanted[purpose] === 0) return { place: null, state: 'off' }
    return isAgreed(purpose) ? { place: last, state } : { place: null, state: 'refused' }
  }

  function heard({ coords, timestamp }: GeolocationPosition): void {
    // Some phones give a time of their own making: ours says when it was here.
    take(coords, Math.abs(timestamp - now()) < 60_000 ? Math.round(timestamp) : now())
  }

  function take(coords: GeolocationCoordinates, at: number): void {
    const { longitude: lon, latitude: lat, accuracy: acc } = coords
    const moving = coords.heading !== null && (coords.speed ?? 0) > 0.5 ? coords.heading : null
    const place = { lon, lat, acc, at, heading: compass ?? moving }
    // What was asked for before it was stopped comes to nobody.
    if (!isOn || !isPlace(place)) return
    last = place
    heardAt = now()
    tell('good')
  }

  function failed(error: GeolocationPositionError): void {
    if (!isOn) return
    if (error.code === error.PERMISSION_DENIED) tell('refused')
    else if (last === null) tell(error.code === error.TIMEOUT ? 'searching' : 'unavailable')
    else tell('stale')
  }

  function turned(event: DeviceOrientationEvent & { webkitCompassHeading?: number }): void {
    if (typeof event.webkitCompassHeading === 'number') compass = event.webkitCompassHeading
    else if (event.absolute && event.alpha !== null) compass = (360 - event.alpha) % 360
  }

  /** Nothing is asked of the phone but for a purpose that was agreed to. */
  function look(): void {
    const isWanted = (purpose: Purpose) => wanted[purpose] > 0 && isAgreed(purpose)
    const next = isWanted('track') || isWanted('place')
    if (next === isOn) tell(state)
    else if (next) on()
    else off()
  }

  function on(): void {
    isOn = true
    if (!service) {
      tell('unavailable')
      return
    }
    tell('searching')
    id = service.watchPosition(heard, failed, {
      enableHighAccuracy: true,
      maximumAge: 0,
      timeout: 30_000,
    })
    heardAt = now()
    timer = setInterval(check, 5000)
    window.addEventListener('deviceorientationabsolute', turned as EventListener)
    window.addEventListener('deviceorientation', turned as EventListener)
  }

  function check(): void {
    if (state === 'good' && last && now() - last.at > STALE_MS) tell('stale')
    if (state === 'refused' || now() - heardAt < ASK_MS) return
    const fresh = { enableHighAccuracy: true, maximumAge: 0, timeout: 10_000 }
    service?.getCurrentPosition(({ coords }) => take(coords, now()), failed, fresh)
  }

  function off(): void {
    isOn = false
    if (id !== undefined) service?.clearWatch(id)
    id = undefined
    clearInterval(timer)
    window.removeEventListener('deviceorientationabsolute', turned as EventListener)
    window.removeEventListener('deviceorientation', turned as EventListener)
    compass = null
    last = null
    tell('off')
  }

  return {
    state: () => heardFor('track').state,
    last: () => heardFor('track').place,
    watch: (purpose = 'track') => {
      wanted[purpose]++
      look()
      let isDone = false
      return () => {
        if (isDone) return
        isDone = true
        wanted[purpose]--
        look()
      }
    },
    look,
    close: () => {
      wanted.track = wanted.place = 0
      off()
    },
  }
}
