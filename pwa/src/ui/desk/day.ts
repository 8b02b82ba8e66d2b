// A day as people type it, whatever language the browser speaks.

const DAY_MS = 86_400_000
/** Days are China's. */
const CHINA_MS = 8 * 3_600_000

/** 2022-07-08 */
export const dayWords = (ms: number): string => new Date(ms + CHINA_MS).toISOString().slice(0, 10)

/** The beginning of that day, ms; null: there is no such day. */
export function dayOf(typed: string): number | null {
  const digits = typed.normalize('NFKC').trim()
  const found =
    /^(\d{4})(\d{2})(\d{2})$/.exec(digits) ??
    /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$/.exec(digits)
  if (!found) return null
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number]
  const start = Date.UTC(year, month - 1, day)
  const isReal = new Date(start).getUTCDate() === day && new Date(start).getUTCMonth() === month - 1
  return isReal ? start - CHINA_MS : null
}

export const nextDay = (ms: number): number => ms + DAY_MS
export const dayBefore = (ms: number): number => ms - DAY_MS
