// Figures and moments as a keyboard writes them.

import { chainageOf } from '../../../geo/chainage.ts'
import { dayOf, dayWords } from '../../../ui/desk/day.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
/** Clocks are China's. */
const CHINA_MS = 8 * HOUR_MS

/** A figure, K5+860 for metres too; what is none stays as it was typed, for the form to refuse. */
export function figureOf(typed: string): number | string | null {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return null
  const along = chainageOf(text)
  if (along !== null) return along
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : typed
}

/** 2026-11-23 06:10; a day alone at its beginning, seconds only where there are some. */
export function momentWords(ms: number): string {
  const clock = new Date(ms + CHINA_MS).toISOString().slice(11, 19)
  if (clock === '00:00:00') return dayWords(ms)
  return `${dayWords(ms)} ${clock.replace(/:00$/, '')}`
}

/** null: there is no such moment. */
export function momentOf(typed: string): number | null {
  const text = typed.normalize('NFKC').trim()
  const found = /^(.*?)(?:[\sT]+|日\s*)(\d{1,2})[:时](\d{2})(?:分|:(\d{2}))?$/.exec(text)
  if (!found) return dayOf(text)
  const [, day = '', hours, minutes, seconds = 0] = found
  const start = dayOf(day) ?? dayOf(`${day}日`)
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  if (start === null || hour > 23 || minute > 59 || second > 59) return null
  return start + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS
}

export const thisMinute = (now: number): number => Math.floor(now / MINUTE_MS) * MINUTE_MS
