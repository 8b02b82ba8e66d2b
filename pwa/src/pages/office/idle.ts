// Nobody at the desk for half an hour: signed out, so that the next person sees a sign-in. What was
// written waits in the outbox of this browser and goes out after the next sign-in with the account.

import { onScopeDispose, ref, type Ref } from 'vue'
import { now as wall } from '../../ports.ts'

export const IDLE_MS = 30 * 60_000
export const WARN_MS = 60_000

/** Counted for all tabs together: they share one session. */
const KEPT = 'hushui-desk-touched'
/** Moving a pointer tells of itself a hundred times a second. */
const TELL_MS = 5_000
const LOOK_MS = 1_000
const TOUCHES = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const

export interface Clock {
  /** Ms; may jump, as a computer's does that slept. */
  now(): number
  /** Calls again and again; returns how to stop. */
  every(ms: number, call: () => void): () => void
}

export interface Kept {
  read(): number | null
  write(at: number): void
}

export interface Idle {
  /** Ms until one is signed out; null: no need to speak of it. */
  readonly left: Readonly<Ref<number | null>>
  /** Somebody is here. */
  touch(): void
  /** Looks at the clock now. */
  look(): void
  stop(): void
}

export function watchIdle(clock: Clock, kept: Kept, onOut: () => void): Idle {
  const left = ref<number | null>(null)
  let told = -Infinity
  let isOver = false

  function touch(): void {
    if (isOver) return
    const at = clock.now()
    // Whoever comes back after the time is up has been away: the key wakes nothing.
    if (look() || Math.abs(at - told) < TELL_MS) return
    told = at
    kept.write(at)
    left.value = null
  }

  /** Whether it is over. */
  function look(): boolean {
    if (isOver) return true
    const at = clock.now()
    const last = kept.read()
    // A clock set back says nothing of how long nobody was here.
    if (last === null || last > at) {
      kept.write(at)
      return false
    }
    const rest = last + IDLE_MS - at
    left.value = rest <= WARN_MS ? Math.max(0, rest) : null
    if (rest > 0) return false
    isOver = true
    stop()
    onOut()
    return true
  }

  const stop = clock.every(LOOK_MS, look)
  look()
  return {
    left,
    touch: () => {
      // While the warning stands, the first touch counts at once.
      if (left.value !== null) told = -Infinity
      touch()
    },
    look: () => void look(),
    stop,
  }
}

const ours: Clock = {
  now: wall,
  every: (ms, call) => {
    const timer = setInterval(call, ms)
    return () => clearInterval(timer)
  },
}

const inBrowser: Kept = {
  read: () => {
    try {
      const at = Number(localStorage.getItem(KEPT) ?? Number.NaN)
      return Number.isFinite(at) ? at : null
    } catch {
      return null
    }
  },
  write: (at) => {
    try {
      localStorage.setItem(KEPT, String(at))
    } catch {
      inMemory = at
    }
  },
}
/** A private window keeps nothing: then each tab counts for itself. */
let inMemory: number | null = null

/** Signing in is a touch, whatever stood there before. */
export const touchNow = (): void => inBrowser.write(wall())

/** Listens as long as the page stands. */
export function useIdle(onOut: () => void): Pick<Idle, 'left' | 'touch'> {
  const kept: Kept = { ...inBrowser, read: () => inBrowser.read() ?? inMemory }
  const idle = watchIdle(ours, kept, onOut)
  const onTouch = () => idle.touch()
  const onVisible = () => idle.look()
  for (const touch of TOUCHES) window.addEventListener(touch, onTouch, { passive: true })
  document.addEventListener('visibilitychange', onVisible)
  onScopeDispose(() => {
    idle.stop()
    for (const touch of TOUCHES) window.removeEventListener(touch, onTouch)
    document.removeEventListener('visibilitychange', onVisible)
  })
  return idle
}
