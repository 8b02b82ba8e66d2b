// What fails and nobody foresaw: the person is told once, and it is noted for whoever helps.

import type { App as VueApp } from 'vue'
import { now } from '../ports.ts'

export interface Surprise {
  /** ms, of the last time. */
  readonly at: number
  readonly times: number
  readonly page: string
  readonly what: string
}

const KEY = 'hushui-surprises'
const MOST = 20

/** The last of this phone, newest first. */
export function surprisesKept(): readonly Surprise[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as Surprise[]
  } catch {
    return []
  }
}

export function keepSurprise(what: string): void {
  const page = location.pathname
  const same = (it: Surprise) => it.what === what && it.page === page
  const kept = surprisesKept()
  const times = (kept.find(same)?.times ?? 0) + 1
  const rest = kept.filter((it) => !same(it)).slice(0, MOST - 1)
  try {
    localStorage.setItem(KEY, JSON.stringify([{ at: now(), times, page, what }, ...rest]))
  } catch {
    // Told all the same.
  }
}

/** Name, message and place in the code. What may be somebody's words or number is left out. */
export function nameOf(error: unknown): string {
  const { name = '', message = String(error), stack = '' } = Object(error) as Partial<Error>
  const plain = `${name} ${message}`
    .replace(/".*"/s, '"…"')
    .replace(/[^ -~]+|\d{5,}/g, '…')
    .slice(0, 200)
  return `${plain.trim()} ${/[\w.-]+\.\w+(\?[^:\s]*)?:\d+:\d+/.exec(stack)?.[0] ?? ''}`.trim()
}

/** Somebody has just pressed something. Older browsers do not tell: then it counts as pressed. */
const isPressed = (): boolean =>
  (navigator as { userActivation?: UserActivation }).userActivation?.isActive !== false

/** Pages are that much lower, and nothing of them is covered. */
export const leaveRoom = (height: number): void =>
  document.documentElement.style.setProperty('--hs-told', `${height}px`)

/** Shows it in `box`; `closed`, when the person has read it. */
type Show = (box: HTMLElement, closed: () => void) => Promise<void>

/** Hears of every surprise from now on. `plain`: what is said when `show` itself fails. */
export function watchSurprises(vue: VueApp, show: Show, plain: () => string) {
  const told = new Set<string>()
  let box: HTMLElement | null = null

  function tell(error: unknown): void {
    // Called off by the app itself.
    if ((error as Error | null)?.name === 'AbortError') return
    const what = nameOf(error)
    keepSurprise(what)
    // The words are the same for each; and what a timer tries again was told already.
    if (box || (told.has(what) && !isPressed())) return
    told.add(what)
    const place = (box = document.createElement('div'))
    const close = () => {
      place.remove()
      leaveRoom(0)
      box = null
    }
    const sayPlainly = () => {
      if (box !== place) return
      place.setAttribute('role', 'alert')
      place.textContent = plain()
      place.onclick = close
      leaveRoom(place.offsetHeight)
    }
    document.body.prepend(place)
    // The note has to be fetched, which may take as long as it likes.
    sayPlainly()
    show(place, close).catch(sayPlainly)
  }

  vue.config.errorHandler = (error) => {
    console.error(error)
    tell(error)
  }
  // An event without an error tells of another site's script, or of a layout that took two rounds.
  window.addEventListener('error', ({ error }) => error && tell(error))
  window.addEventListener('unhandledrejection', ({ reason }) => tell(reason))
  return tell
}
