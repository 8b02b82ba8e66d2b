// The strips of a dike that are walked beside each other; a group walks several at a time.

import type { PatrolSegment, Zone } from '../generated/kinds.ts'

export type Strip = NonNullable<PatrolSegment['strips']>[number]

export const STRIPS: readonly Strip[] = ['crest', 'waterside_slope', 'landside_slope', 'toe']

/** A bit for each, in the order above; 0: nobody said. */
export const maskOf = (strips: readonly Strip[] = []): number =>
  STRIPS.reduce((mask, strip, n) => (strips.includes(strip) ? mask | (1 << n) : mask), 0)

export const isOn = (mask: number, strip: Strip): boolean =>
  (mask & (1 << STRIPS.indexOf(strip))) !== 0

/** What a round begins on; none where no dike stands. Where nobody said what stands there, one does. */
export function firstStrips(zone: Partial<Zone> | undefined): readonly Strip[] | undefined {
  const { line, object_classes: classes } = zone ?? {}
  if (!line || (classes?.length && !classes.includes('dike'))) return undefined
  return ['crest']
}
