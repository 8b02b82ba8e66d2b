// Where the phone is, only while somebody asked for it. Direction from the compass, else from moving.

import { distance } from '../geo/chainage.ts'
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
  /** Of the track: the surest of the last seconds. */
  best(): Place | null
  /** Asked anew: what was heard before does not count as the best. */
  again(): void
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

/** Of what was heard so long ago, the surest may still be taken. */
export const BEST_MS = 5000
/** A fix of a second ago is less sure by what one walks in it. */
const WALK_MS = 1.5

/** The surest of the last seconds that the newest does not speak against. */
export function bestOf(heard: readonly Place[]): Place | null {
  const newest = heard.at(-1) ?? null
  if (!newest) return null
  const off = ({ acc, at }: Place) => acc + (WALK_MS * (newest.at - at)) / 1000
  const isSame = (it: Place) =>
    distance([it.lon, it.lat], [newest.lon, newest.lat]) <= off(it) + newest.acc
  return heard
    .filter((it) => newest.at - it.at <= BEST_MS && isSame(it))
    .reduce((best, it) => (off(it) < off(best) ? it : best), newest)
}

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
/** Without a place for so long, it says so, and goes on looking. */
const NO_FIX_MS = 20_000

export function openPlaces(
  isAgreed: (purpose: Purpose) => boolean,
  onChange: (heard: HeardFor) => void,
): Places {
  const service = (navigator as { geolocation?: Geolocation }).geolocation
  const wanted = { track: 0, place: 0 }
  let isOn = false
  let id: number | undefined
  let last: Place | null = null
  let recent: readonly Place[] = []
  let permission: PermissionStatus | undefined
  let since = 0
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
    if (!isAgreed(purpose)) return { place: null, state: 'refused' }
    // A track takes each fix as it comes, a record the surest.
    return { place: purpose === 'track' ? last : (bestOf(recent) ?? last), state }
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
    recent = [...recent.filter((it) => at - it.at <= BEST_MS), place]
    heardAt = now()
    tell('good')
  }

  function failed(error: GeolocationPositionError): void {
    if (!isOn) return
    if (error.code === error.PERMISSION_DENIED) tell('refused')
    else if (last !== null) tell('stale')
    else tell(error.code === error.TIMEOUT && !isLong() ? 'searching' : 'unavailable')
  }

  const isLong = () => now() - since >= NO_FIX_MS

  /** Who comes back from the settings of the phone may have allowed it there. */
  function onBack(): void {
    if (state === 'refused' && document.visibilityState === 'visible') listen()
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
    listen()
    timer = setInterval(check, 5000)
    document.addEventListener('visibilitychange', onBack)
    void followPermission()
    window.addEventListener('deviceorientationabsolute', turned as EventListener)
    window.addEventListener('deviceorientation', turned as EventListener)
  }

  async function followPermission(): Promise<void> {
    const { permissions } = navigator as { permissions?: Permissions }
    try {
      permission ??= await permissions?.query({ name: 'geolocation' })
    } catch {
      // This browser does not tell; coming back to the page does.
    }
    if (permission) permission.onchange = () => isOn && listen()
  }

  function listen(): void {
    if (!service) return
    if (id !== undefined) service.clearWatch(id)
    since = heardAt = now()
    tell('searching')
    id = service.watchPosition(heard, failed, {
      enableHighAccuracy: true,
      maximumAge: 0,
      timeout: 30_000,
    })
  }

  function check(): void {
    if (state === 'searching' && isLong()) tell(last === null ? 'unavailable' : 'stale')
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
    document.removeEventListener('visibilitychange', onBack)
    window.removeEventListener('deviceorientationabsolute', turned as EventListener)
    window.removeEventListener('deviceorientation', turned as EventListener)
    compass = null
    last = null
    recent = []
    tell('off')
  }

  return {
    state: () => heardFor('track').state,
    last: () => heardFor('track').place,
    best: () => heardFor('track').place && (bestOf(recent) ?? last),
    again: () => {
      recent = []
      if (isOn) listen()
    },
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
