// /api/live by fetch, because an EventSource cannot carry a token. Hints only: what it says may come
// late, twice or never, and the timers of the core would find it too.

import { jitter } from '../ports.ts'
import type { Transport } from './transport.ts'

export interface Hint {
  readonly scope: string
  readonly position: number
}

const WAIT_MS_FIRST = 1000
const WAIT_MS_MAX = 5 * 60_000
/** The server says something at least every 15 s. */
const SILENCE_MS_MAX = 60_000
const LIFE_MS_MAX = 6 * 3_600_000

/** Listens until the returned function is called. */
export function listen(transport: Transport, hear: (hint: Hint) => void): () => void {
  const stopped = new AbortController()
  void keepOn(transport, hear, stopped.signal)
  return () => stopped.abort()
}

async function keepOn(
  transport: Transport,
  hear: (hint: Hint) => void,
  stopped: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!stopped.aborted) {
    const heard = await once(transport, hear, stopped)
    failures = heard ? 0 : failures + 1
    const wait = Math.min(WAIT_MS_FIRST * 2 ** failures, WAIT_MS_MAX) * (1 + jitter() / 4)
    await pause(wait, stopped)
  }
}

/** true: it was a stream, and it spoke. */
async function once(
  transport: Transport,
  hear: (hint: Hint) => void,
  stopped: AbortSignal,
): Promise<boolean> {
  const ended = new AbortController()
  const end = () => ended.abort()
  stopped.addEventListener('abort', end)
  let silence = setTimeout(end, SILENCE_MS_MAX)
  let spoke = false
  try {
    const response = await transport.fetch('/api/live', { signal: ended.signal }, LIFE_MS_MAX)
    if (!response.ok || !response.body) return false
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return spoke
      spoke = true
      clearTimeout(silence)
      silence = setTimeout(end, SILENCE_MS_MAX)
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const hint = parseEvent(part)
        if (hint) hear(hint)
      }
    }
  } catch {
    return spoke
  } finally {
    clearTimeout(silence)
    stopped.removeEventListener('abort', end)
    end()
  }
}

export function parseEvent(text: string): Hint | null {
  const lines = text.split('\n')
  if (!lines.includes('event: scope')) return null
  const data = lines.find((line) => line.startsWith('data: '))
  try {
    const { scope, position } = JSON.parse(data?.slice(6) ?? '') as Partial<Hint>
    return typeof scope === 'string' && typeof position === 'number' ? { scope, position } : null
  } catch {
    return null
  }
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    const now = () => {
      clearTimeout(timer)
      resolve()
    }
    stopped.addEventListener('abort', now, { once: true })
  })
}
