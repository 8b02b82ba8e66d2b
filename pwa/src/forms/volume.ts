// Does a volume fit the three lengths beside it? The kind's rule says so; here is the product to show.

import type { KindCode } from '../generated/kinds.ts'
import { asks, holds, inputs, type Values } from './cel.ts'
import { isShown } from './engine.ts'
import { kindOf } from './field.ts'

export const VOLUME_RULE = 'volume_mismatch'

export interface VolumeCheck {
  readonly sides: readonly [number, number, number]
  readonly computed: number
  /** Share of the computed one; null while no volume stands there. */
  readonly apart: number | null
  /** Too far apart: the person is asked, and the server flags it. */
  readonly isDoubtful: boolean
}

/** null while a side is missing. */
export function checkVolume(code: KindCode, values: Values): VolumeCheck | null {
  const { fields, rules } = kindOf(code)
  const rule = rules.find((it) => it.code === VOLUME_RULE)
  if (rule === undefined) return null
  const asked = asks(rule.when)
  const [a, b, c, ...more] = Object.entries(fields)
    .filter(([name, it]) => it.unit === 'm' && asked.has(name) && isShown(it, values))
    .map(([name]) => values[name])
  if (!isLength(a) || !isLength(b) || !isLength(c) || more.length > 0) return null
  const computed = a * b * c
  const typed = values[rule.field]
  return {
    sides: [a, b, c],
    computed,
    apart: typeof typed === 'number' ? Math.abs(typed - computed) / computed : null,
    isDoubtful: holds(rule.when, inputs(fields, values)),
  }
}

const isLength = (value: unknown): value is number => typeof value === 'number' && value > 0
