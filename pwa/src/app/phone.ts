// What the phone itself can do: room, colours, motor, a new version.

import { shallowRef } from 'vue'
import type { StorageState, Theme } from '../app.ts'

/** navigator.storage, where there is one. */
export async function storageNow(): Promise<StorageState> {
  const manager = (navigator as { storage?: StorageManager }).storage
  const whole = (bytes: number | undefined) => (bytes === undefined ? null : Math.round(bytes))
  try {
    const { usage, quota } = (await manager?.estimate?.()) ?? {}
    const persisted = (await manager?.persisted?.()) ?? null
    return { persisted, usage: whole(usage), quota: whole(quota) }
  } catch {
    return { persisted: null, usage: null, quota: null }
  }
}

export async function askPersist(): Promise<boolean> {
  const manager = (navigator as { storage?: StorageManager }).storage
  return (await manager?.persist?.().catch(() => false)) ?? false
}

const THEMES: readonly Theme[] = ['day', 'sun', 'night']
const THEME = 'hushui-theme'

export function createTheme() {
  const theme = shallowRef<Theme>(storedTheme())
  const set = (next: Theme): void => {
    theme.value = next
    document.documentElement.dataset['theme'] = next
    try {
      localStorage.setItem(THEME, next)
    } catch {
      // A private window: the colour lasts as long as the page.
    }
  }
  set(theme.value)
  return { theme, set }
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(THEME)
    return THEMES.find((theme) => theme === stored) ?? 'day'
  } catch {
    return 'day'
  }
}

const PATTERNS = { saved: [40], trouble: [80, 60, 80] } as const

export function vibrate(pattern: keyof typeof PATTERNS = 'saved'): void {
  ;(navigator as { vibrate?: (pattern: number[]) => boolean }).vibrate?.([...PATTERNS[pattern]])
}

const UPDATE_EVERY_MS = 3_600_000

/** Installs the service worker; a new version waits until `put` says so, never under a form. */
export function createUpdates() {
  const ready = shallowRef(false)
  let registration: ServiceWorkerRegistration | undefined
  const workers = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker

  async function register(): Promise<void> {
    if (!workers) return
    try {
      registration = await workers.register('/sw.js')
    } catch {
      // Without it the app works, with signal.
      return
    }
    look(registration)
    registration.addEventListener('updatefound', () => {
      const coming = registration?.installing
      coming?.addEventListener('statechange', () => registration && look(registration))
    })
    setInterval(() => void registration?.update().catch(() => undefined), UPDATE_EVERY_MS)
  }

  function look({ waiting }: ServiceWorkerRegistration): void {
    // The very first one waits for nobody.
    ready.value = waiting !== null && workers?.controller != null
  }

  function put(): void {
    const waiting = registration?.waiting
    if (!waiting) return
    workers?.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.postMessage({ type: 'SKIP_WAITING' })
  }

  return { ready, register, put }
}
