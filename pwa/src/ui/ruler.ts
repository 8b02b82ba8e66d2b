/** The arithmetic of the chainage ruler; metres along the line. */

export interface Stretch {
  readonly from: number
  readonly to: number
}

interface Gap extends Stretch {
  /** In words: 熄屏 6 分钟 */
  readonly reason: string
}

/** One strip of the dike: 堤顶, 迎水坡 … */
export interface Lane {
  readonly name?: string | undefined
  readonly covered: readonly Stretch[]
  readonly gaps: readonly Gap[]
  /** What was covered, in words: 39% */
  readonly share?: string | undefined
}

export interface RulerCheckpoint {
  readonly at: number
  readonly done: boolean
}

/** Close enough to read, far enough to see: 100 m with a tall one each 500 m, coarser on long lines. */
export function ticks(from: number, to: number): { small: number[]; tall: number[] } {
  const step = [100, 200, 500, 1000, 2000, 5000].find((it) => (to - from) / it <= 48) ?? 10_000
  const all: number[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) all.push(at)
  return {
    small: all.filter((at) => at % (step * 5) !== 0),
    tall: all.filter((at) => at % (step * 5) === 0),
  }
}

/** The tall tick nearest the middle, unless it would crowd an end. */
export function middleLabel(from: number, to: number): number | undefined {
  const middle = (from + to) / 2
  const nearest = ticks(from, to)
    .tall.slice()
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0]
  if (nearest === undefined) return undefined
  return Math.min(nearest - from, to - nearest) >= (to - from) * 0.3 ? nearest : undefined
}

/** Cut to the line that is drawn; nothing when it lies outside. */
export function clip<T extends Stretch>(stretches: readonly T[], from: number, to: number): T[] {
  return stretches
    .map((it) => ({ ...it, from: Math.max(it.from, from), to: Math.min(it.to, to) }))
    .filter((it) => it.to > it.from)
}
