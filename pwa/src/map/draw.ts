// The map's lines and symbols, drawn with Leaflet from what is on this phone. No tiles: the zones, the
// line and its chainage are the map.

import L from 'leaflet'
import { marks } from '../geo/chainage.ts'
import { JUMP_M } from '../geo/segment.ts'
import type { Geo, Position, Zone } from '../generated/kinds.ts'
import { chainage } from '../text/format.ts'
import { mapSymbol, type MapThing } from '../ui/index.ts'
import type { GapReason, TrackPart } from './track.ts'

export interface MapZone {
  readonly id: string
  readonly fields: Readonly<Partial<Zone>>
}

export interface MapPoint {
  readonly id: string
  readonly number: number
  readonly chainage: number
  readonly zone: string
  readonly point: Geo | null
  readonly done: boolean
}

export interface MapMark {
  readonly id: string
  readonly lon: number
  readonly lat: number
  readonly thing: MapThing
  /** Read aloud and shown beside it. */
  readonly label: string
}

export interface Me {
  readonly lon: number
  readonly lat: number
  readonly acc: number
}

export type Tokens = (name: string) => string

/**
 * Leaflet's canvas, without its slip (1.9.4): drawing at once makes it forget the frame it had asked
 * for, and a map that has been taken down is drawn on once more.
 */
export const Canvas = L.Canvas.extend({
  _redraw(this: { _ctx?: CanvasRenderingContext2D }) {
    if (this._ctx) redraw.call(this)
  },
}) as new () => L.Canvas
const { _redraw: redraw } = L.Canvas.prototype as unknown as { _redraw: () => void }

const DOTTED = { dashArray: '1 12', lineCap: 'round' } as const

export const at = ([lon, lat]: Position): L.LatLngTuple => [lat, lon]

export function drawZone(layer: L.LayerGroup, zone: MapZone, look: ZoneLook, colour: Tokens): void {
  const { polygon, line } = zone.fields
  if (polygon && polygon.length > 2) {
    L.polygon(polygon.map(at), {
      color: colour(look.chosen || look.mine ? 'zone-mine' : 'zone'),
      weight: look.chosen ? 5 : look.mine ? 7 : 2.5,
      fill: true,
      fillColor: colour('zone-mine'),
      fillOpacity: look.chosen ? 0.16 : 0.01,
      bubblingMouseEvents: false,
    })
      .on('click', () => look.press?.())
      .addTo(layer)
  }
  if (line && line.length > 1) {
    L.polyline(line.map(at), {
      color: colour('water'),
      weight: look.wide === false ? 6 : 16,
      interactive: false,
    }).addTo(layer)
    L.polyline(line.map(at), { color: colour('water-edge'), weight: 2, interactive: false }).addTo(
      layer,
    )
  }
  const middle = line?.[Math.floor(line.length / 2)] ?? polygon?.[0]
  if (middle && look.name !== '') {
    const isOwn = look.mine || look.chosen
    label(layer, at(middle), look.name, isOwn ? 'mine' : 'zone', isOwn ? 3 : 2)
  }
}

export interface ZoneLook {
  readonly mine: boolean
  readonly chosen: boolean
  readonly name: string
  /** false: too far away for the river to have a width. */
  readonly wide?: boolean
  readonly press?: (() => void) | undefined
}

/** Ticks each 100 m; how many carry their words depends on how near one looks. */
export function drawMarks(layer: L.LayerGroup, zone: MapZone, zoom: number, colour: Tokens): void {
  const { line, chainage_start: start } = zone.fields
  if (!line || line.length < 2 || zoom < 13) return
  const spoken = zoom >= 17 ? 100 : zoom >= 14 ? 500 : 1000
  for (const [metres, point] of marks(line, start ?? 0)) {
    const tall = metres % 500 === 0
    if (!tall && zoom < 15) continue
    L.circleMarker(at(point), {
      radius: tall ? 4 : 2.5,
      weight: 0,
      fillOpacity: 1,
      fillColor: colour('map-ink'),
      interactive: false,
    }).addTo(layer)
    if (metres % spoken === 0) {
      label(layer, at(point), chainage(metres), 'mark', metres % 1000 === 0 ? 1 : 0)
    }
  }
}

export function drawTrack(layer: L.LayerGroup, track: readonly Position[], colour: Tokens): void {
  let part: L.LatLngTuple[] = []
  const close = () => {
    if (part.length > 1) {
      L.polyline(part, { color: colour('cover'), weight: 8, interactive: false }).addTo(layer)
    }
    part = []
  }
  for (const point of track) {
    const last = part.at(-1)
    if (last && L.latLng(last).distanceTo(at(point)) > JUMP_M) {
      const from = last
      close()
      L.polyline([from, at(point)], {
        color: colour('gap'),
        ...DOTTED,
        weight: 7,
        interactive: false,
      }).addTo(layer)
    }
    part.push(at(point))
  }
  close()
}

/** `walked` presses; what was not recorded is dotted, and close by says why. */
export function drawParts(
  layer: L.LayerGroup,
  parts: readonly TrackPart[],
  press: () => void,
  reason: ((gap: GapReason) => string) | null,
  colour: Tokens,
): void {
  for (const { points, gap } of parts) {
    const way = points.map(at)
    if (gap === null) {
      L.polyline(way, { color: colour('cover'), weight: 5, bubblingMouseEvents: false })
        .on('click', press)
        .addTo(layer)
      continue
    }
    L.polyline(way, { color: colour('gap'), ...DOTTED, weight: 5, interactive: false }).addTo(layer)
    const [from, to] = points
    if (!reason || !from || !to) continue
    const middle: L.LatLngTuple = [(from[1] + to[1]) / 2, (from[0] + to[0]) / 2]
    label(layer, middle, reason(gap), 'mark', 0.5)
  }
}

/** A canal, a line or a reach of the register. */
export function drawCourse(layer: L.LayerGroup, line: readonly Position[], colour: Tokens): void {
  L.polyline(line.map(at), { color: colour('map-ink'), weight: 2, interactive: false }).addTo(layer)
}

/** `press` null: a drawing only, from so far away that fingers cannot tell one from the next. */
export function drawMark(layer: L.LayerGroup, mark: MapMark, press: (() => void) | null): void {
  if (!press) {
    const icon = symbol(mark.thing)
    L.marker([mark.lat, mark.lon], { icon, interactive: false, keyboard: false }).addTo(layer)
    return
  }
  L.marker([mark.lat, mark.lon], {
    icon: symbol(mark.thing),
    keyboard: true,
    alt: mark.label,
    title: mark.label,
    // What threatens people lies on top of what merely stands there.
    zIndexOffset: mark.thing.thing === 'danger' || mark.thing.thing === 'hidden' ? 10_000 : 0,
  })
    .on('click', press)
    .on('keypress', (event) => {
      if ((event as unknown as { originalEvent: KeyboardEvent }).originalEvent.key === 'Enter')
        press()
    })
    .addTo(layer)
}

export function drawMe(layer: L.LayerGroup, me: Me, colour: Tokens): void {
  L.circle([me.lat, me.lon], {
    radius: me.acc,
    weight: 1,
    color: colour('brand'),
    fillColor: colour('brand'),
    fillOpacity: 0.12,
    interactive: false,
  }).addTo(layer)
  L.marker([me.lat, me.lon], {
    icon: symbol({ thing: 'me' }),
    interactive: false,
    keyboard: false,
  }).addTo(layer)
}

function symbol(thing: MapThing): L.DivIcon {
  return L.divIcon({
    html: mapSymbol(thing),
    className: 'hs-map-icon',
    iconSize: [44, 44],
    iconAnchor: [22, 22],
  })
}

/** `weight`: where two collide, the lighter one gives way. */
function label(
  layer: L.LayerGroup,
  where: L.LatLngTuple,
  words: string,
  look: string,
  weight: number,
): void {
  const icon = L.divIcon({
    html: `<span data-weight="${String(weight)}">${escape(words)}</span>`,
    className: `hs-map-label ${look}`,
    iconSize: [0, 0],
  })
  L.marker(where, { icon, interactive: false, keyboard: false }).addTo(layer)
}

const escape = (words: string) =>
  words.replace(
    /[&<>"]/g,
    (it) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[it] ?? it,
  )

/** Leaflet's own bar speaks of m and km only; its arithmetic is kept. */
export function scaleBar(words: (metres: number) => string): L.Control.Scale {
  const bar = new L.Control.Scale({ imperial: false, position: 'bottomleft', maxWidth: 120 })
  const inside = bar as unknown as ScaleInside
  inside._updateMetric = (widest) => {
    const metres = inside._getRoundNum(widest)
    inside._updateScale(inside._mScale, words(metres), metres / widest)
  }
  return bar
}

interface ScaleInside {
  _mScale: HTMLElement
  _getRoundNum(metres: number): number
  _updateScale(bar: HTMLElement, words: string, share: number): void
  _updateMetric(widest: number): void
}
