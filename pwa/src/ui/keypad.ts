import { fixed } from '../text/format.ts'

/** Typing a figure on the keypad, as values. */

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '.' | '-' | 'back'

export interface Typed {
  readonly text: string
  /** Still the figure that stood there: the first digit takes its place. */
  readonly fresh: boolean
}

export interface PadLimits {
  readonly decimals: number
  readonly negative: boolean
}

/** More digits than any quantity of the trade needs; beyond it a key does nothing. */
const WHOLE_DIGITS_MAX = 9

export function startTyping(figure: number | null, decimals: number): Typed {
  return { text: figure === null ? '' : fixed(figure, decimals), fresh: true }
}

export function press(typed: Typed, key: PadKey, limits: PadLimits): Typed {
  if (key === 'back') return { text: typed.text.slice(0, -1), fresh: false }
  if (key === '-') return limits.negative ? { text: flip(typed.text), fresh: false } : typed
  return { text: append(typed.fresh ? '' : typed.text, key, limits.decimals), fresh: false }
}

/** null while no digit stands there */
export function typedFigure({ text }: Typed): number | null {
  return /\d/.test(text) ? Number(text) : null
}

export function isDigit(key: string): key is PadKey {
  return /^\d$/.test(key)
}

function flip(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`
}

function append(text: string, key: string, decimals: number): string {
  const sign = text.startsWith('-') ? '-' : ''
  const [whole = '', fraction] = text.slice(sign.length).split('.')
  if (key === '.') {
    if (decimals === 0 || fraction !== undefined) return text
    return `${sign}${whole === '' ? '0' : whole}.`
  }
  if (fraction !== undefined) return fraction.length < decimals ? text + key : text
  if (whole.length >= WHOLE_DIGITS_MAX) return text
  return `${sign}${whole === '0' ? key : whole + key}`
}
