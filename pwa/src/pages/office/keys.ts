// Keys of the desk. Single characters can be switched off (WCAG 2.1.4); arrows and Esc stay.

import { onScopeDispose, readonly, ref } from 'vue'

const STORED = 'hushui-desk-keys'

const isOn = ref(stored())

export const keysAreOn = readonly(isOn)

export function switchKeys(on: boolean): void {
  isOn.value = on
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off')
  } catch {
    // A private window: it lasts as long as the page.
  }
}

function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off'
  } catch {
    return true
  }
}

/** true: it was this page's key. */
export type KeyHandler = (key: string, event: KeyboardEvent) => boolean

export function useKeys(handle: KeyHandler): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.isComposing || isTyping(event.target)) return
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key
    if (key.length === 1 && key !== ' ' && !isOn.value) return
    if (key === ' ' && isPressable(event.target)) return
    if (key === 'Enter' && isPressable(event.target)) return
    if (handle(key, event)) event.preventDefault()
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('[role="dialog"]')) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'button'].includes(target.type)
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName)
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary, input') !== null
}
