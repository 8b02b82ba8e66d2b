/** Map symbols as SVG text: Leaflet's divIcon takes a string. Box 44 × 44, the touch area; centre 0,0.
 *  Fill is the level, the ring is the state: ink open, dashed only on this phone, double being
 *  handled, thin closed. */

import type { Level } from './states.ts'

export type Ring = 'open' | 'local' | 'handling' | 'closed'

export type MapThing =
  /** `level` null: nobody has set it yet. */
  | { readonly thing: 'danger'; readonly level: Level | null; readonly ring?: Ring }
  | { readonly thing: 'hidden'; readonly serious?: boolean; readonly ring?: Ring }
  | { readonly thing: 'task'; readonly ring?: Ring }
  | { readonly thing: 'checkpoint'; readonly number: number; readonly done?: boolean }
  | { readonly thing: 'pump' | 'gate' | 'salvage' | 'staff' | 'object' | 'me' }

/** One character each: Roman and Arabic numerals run opposite ways in this trade. */
const LEVEL_MARK = { general: '般', larger: '较', major: '重', extraordinary: '特' } as const
const LEVEL_TOKEN = { general: 'lv1', larger: 'lv2', major: 'lv3', extraordinary: 'lv4' } as const

/** Without a level no level's colour: the paper, and 未. */
function levelLook(level: Level | null) {
  if (level === null) return { character: '未', fill: 'var(--hs-surface)', ink: 'var(--hs-ink)' }
  const token = LEVEL_TOKEN[level]
  return { character: LEVEL_MARK[level], fill: `var(--hs-${token})`, ink: `var(--hs-on-${token})` }
}

const TRIANGLE = 'M0-20L20.5 16H-20.5Z'
const DIAMOND = 'M0-19.5L19.5 0L0 19.5L-19.5 0Z'

export function mapSymbol(it: MapThing): string {
  return `<svg viewBox="-22 -22 44 44" width="44" height="44" overflow="visible" aria-hidden="true">${draw(it)}</svg>`
}

function draw(it: MapThing): string {
  switch (it.thing) {
    case 'danger': {
      const { character, fill, ink } = levelLook(it.level)
      return shape({
        outline: TRIANGLE,
        outer: 'M0-25L25.5 19.5H-25.5Z',
        fill,
        text: mark(character, 12, ink),
        quietText: mark(character, 12, 'var(--hs-ink-2)'),
        ring: it.ring ?? 'open',
      })
    }
    case 'hidden':
      return shape({
        outline: DIAMOND,
        outer: 'M0-24L24 0L0 24L-24 0Z',
        fill: it.serious ? 'var(--hs-lv3)' : 'var(--hs-surface)',
        text: mark('隐', 6, it.serious ? 'var(--hs-on-lv3)' : 'var(--hs-ink)'),
        quietText: mark('隐', 6, 'var(--hs-ink-2)'),
        ring: it.ring ?? 'open',
      })
    case 'task': {
      const closed = it.ring === 'closed'
      const colour = closed ? 'var(--hs-zone)' : 'var(--hs-brand)'
      const dash = it.ring === 'local' ? ' stroke-dasharray="5 4"' : ''
      const double =
        it.ring === 'handling'
          ? '<rect x="-20" y="-20" width="40" height="40" rx="4" fill="var(--hs-map)" stroke="var(--hs-brand)" stroke-width="2"/>'
          : ''
      return (
        `${double}<rect x="-15" y="-15" width="30" height="30" rx="3" fill="var(--hs-surface)" stroke="${colour}" stroke-width="${closed ? 2 : 3.5}"${dash}/>` +
        `<path d="M-7 0l5 5 9-10" fill="none" stroke="${colour}" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/>`
      )
    }
    case 'checkpoint':
      return it.done
        ? '<circle r="13" fill="var(--hs-cover)" stroke="var(--hs-cover)" stroke-width="3"/><path d="M-6 0l4 4.5 8-9" fill="none" stroke="var(--hs-on-ok)" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/>'
        : `<circle r="13" fill="var(--hs-surface)" stroke="var(--hs-map-ink)" stroke-width="3"/>${mark(String(it.number), 5.5, 'var(--hs-ink)', 15)}`
    case 'pump':
      return `<circle r="14" fill="var(--hs-surface)" stroke="var(--hs-map-ink)" stroke-width="3"/>${mark('P', 6, 'var(--hs-map-ink)')}`
    case 'gate':
      return '<rect x="-16" y="-6" width="32" height="12" fill="var(--hs-surface)" stroke="var(--hs-map-ink)" stroke-width="3"/><path d="M-6-6V6M6-6V6" stroke="var(--hs-map-ink)" stroke-width="2.5"/>'
    case 'salvage':
      return '<circle r="15" fill="var(--hs-surface)" stroke="var(--hs-brand)" stroke-width="3"/><path d="M-9-4q3-4 6 0t6 0 6 0M-9 4q3-4 6 0t6 0 6 0" fill="none" stroke="var(--hs-brand)" stroke-width="2.8" stroke-linecap="round"/>'
    case 'staff':
      return '<rect x="-8" y="-17" width="16" height="34" fill="var(--hs-surface)" stroke="var(--hs-map-ink)" stroke-width="2.5"/><path d="M-8-9h9M-8-2h9M-8 5h9M-8 12h9" stroke="var(--hs-brand)" stroke-width="3"/>'
    case 'object':
      return '<rect x="-9" y="-9" width="18" height="18" fill="var(--hs-surface)" stroke="var(--hs-map-ink)" stroke-width="3"/><path d="M-9-9L9 9M9-9L-9 9" stroke="var(--hs-map-ink)" stroke-width="2"/>'
    case 'me':
      return '<circle r="20" fill="var(--hs-brand)" opacity=".18"/><circle r="9" fill="var(--hs-brand)" stroke="var(--hs-surface)" stroke-width="3"/>'
  }
}

interface Shape {
  readonly outline: string
  /** The second line of the double ring. */
  readonly outer: string
  readonly fill: string
  readonly text: string
  readonly quietText: string
  readonly ring: Ring
}

function shape({ outline, outer, fill, text, quietText, ring }: Shape): string {
  const body = `<path d="${outline}" fill="${fill}" stroke="var(--hs-map-ink)" stroke-width="3" stroke-linejoin="round"${ring === 'local' ? ' stroke-dasharray="5 4"' : ''}/>${text}`
  switch (ring) {
    case 'open':
    case 'local':
      return body
    case 'handling':
      return `<path d="${outer}" fill="var(--hs-map)" stroke="var(--hs-map-ink)" stroke-width="2.5" stroke-linejoin="round"/><g transform="translate(0 1.5) scale(.8)">${body}</g>`
    case 'closed':
      return `<path d="${outline}" fill="var(--hs-map)" stroke="var(--hs-zone)" stroke-width="2" stroke-linejoin="round"/>${quietText}`
  }
}

function mark(text: string, y: number, fill: string, size = 17): string {
  return `<text y="${y}" text-anchor="middle" font-size="${size}" font-weight="700" fill="${fill}">${text}</text>`
}
