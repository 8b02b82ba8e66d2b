// How sure a place is, in words: the one table of limits, for the phone, the photo and the office.

/** Metres; the phone means that it is that near, two times of three. Beyond `fair`: poor. */
const ACCURACY_M = { good: 15, fair: 50 }

export type Accuracy = 'good' | 'fair' | 'poor'

export const accuracyOf = (acc: number): Accuracy =>
  acc <= ACCURACY_M.good ? 'good' : acc <= ACCURACY_M.fair ? 'fair' : 'poor'

type Say = (key: string, values: { metres: number }) => string

/** 准到 8 米 */
export const accuracyWords = (t: Say, acc: number): string =>
  t(`accuracy.${accuracyOf(acc)}`, { metres: Math.round(acc) })
