// The note about a surprise: above the page, which makes room for it and stays as it is.

import { h, render, type AppContext } from 'vue'
import type { Router } from 'vue-router'
import SurpriseNote from './SurpriseNote.vue'

interface Around {
  readonly context: AppContext
  readonly pages: Router
  /** false: a draft could not be written to the disk. */
  keep(): Promise<boolean>
  /** Height in px. */
  leaveRoom(height: number): void
  closed(): void
}

export function showSurprise(
  box: HTMLElement,
  { context, pages, keep, leaveRoom, closed }: Around,
): void {
  // Pressed away while this was fetched.
  if (!box.isConnected) return
  box.replaceChildren()
  box.removeAttribute('role')
  box.onclick = null

  const measure = () => leaveRoom(box.offsetHeight)
  const sized = new ResizeObserver(measure)

  function leave(): void {
    sized.disconnect()
    render(null, box)
    closed()
  }

  function help(): void {
    // What is being typed at the desk would not be there on the way back.
    if (document.documentElement.dataset['surface'] === 'desk')
      window.open('/cannot-sync', '_blank')
    else void pages.push({ name: 'cannot-sync' }).then(leave, () => undefined)
  }

  const note = h(SurpriseNote, { keep, onClose: leave, onHelp: help })
  note.appContext = context
  render(note, box)
  // What fails in it is heard by the app, and says nothing here.
  if (box.textContent === '') throw new Error('nothing to be seen')
  box.style.cssText = 'position: sticky; top: 0; z-index: 50'
  sized.observe(box)
  measure()
}
