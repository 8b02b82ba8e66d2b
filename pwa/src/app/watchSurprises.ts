// What fails and nobody foresaw: the person is told once.

import type { App as VueApp } from 'vue'
import { keepSurprise, nameOf } from './surprises.ts'

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
