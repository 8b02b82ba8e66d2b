// What failed and nobody foresaw, noted for whoever helps.

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
