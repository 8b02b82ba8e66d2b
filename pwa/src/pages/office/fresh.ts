// When to ask again: soon after a hint, after coming back to the page, and every half minute while no
// hint can come. In between nothing is asked.

import { computed, onScopeDispose, readonly, ref, watch, type Ref } from 'vue'
import { useApp, type App } from '../../app.ts'
import { jitter } from '../../ports.ts'

const SPREAD_MS = { least: 100, most: 500 } as const
/** Hints of a storm come by the dozen; a list is asked for once in this time. */
const BETWEEN_MS = 1500
const POLL_MS = 30_000

/** Counts up: something new may be there. One for all pages of the desk. */
const turn = ref(0)
/** For what lives longer than a page and asks nothing by itself. */
export const freshTurn = readonly(turn)
let users = 0
let stop: (() => void) | undefined

export interface Fresh {
  readonly turn: Readonly<Ref<number>>
  /** false: no hint can come just now; it is asked every 30 s. */
  readonly isLive: Readonly<Ref<boolean>>
}

export function useFresh(): Fresh {
  const app = useApp()
  const isLive = computed(() => isListening(app))
  users++
  stop ??= listen(app)
  onScopeDispose(() => {
    if (--users > 0) return
    stop?.()
    stop = undefined
  })

  let poll: ReturnType<typeof setInterval> | undefined
  watch(
    isLive,
    (live, before) => {
      clearInterval(poll)
      if (!live) poll = setInterval(() => again(), POLL_MS)
      else if (before === false) again()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearInterval(poll))
  return { turn: readonly(turn), isLive }
}

export function again(): void {
  turn.value++
}

/** However often it is called meanwhile, one asks at a time, and once more after the last call. */
export function oneAtATime(ask: () => Promise<void>): () => Promise<void> {
  let isAsking = false
  let isBehind = false
  return async () => {
    isBehind = true
    if (isAsking) return
    isAsking = true
    try {
      while (isBehind) {
        isBehind = false
        await ask()
      }
    } finally {
      isAsking = false
    }
  }
}

function isListening({ connection }: App): boolean {
  const { state, retryAt } = connection.value
  return state !== 'offline' && retryAt === null
}

function listen(app: App): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let quiet = false

  function soon(): void {
    timer ??= setTimeout(
      () => {
        timer = undefined
        quiet = true
        setTimeout(() => (quiet = false), BETWEEN_MS)
        again()
      },
      quiet ? BETWEEN_MS : SPREAD_MS.least + jitter() * (SPREAD_MS.most - SPREAD_MS.least),
    )
  }

  const leave = app.api.onHint((scope) => {
    const session = app.session.value
    const own = session.phase === 'enrolled' ? `device:${session.device}` : null
    if (scope !== own) soon()
  })
  const onVisible = () => {
    if (document.visibilityState === 'visible') soon()
  }
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    clearTimeout(timer)
    leave()
    document.removeEventListener('visibilitychange', onVisible)
  }
}
