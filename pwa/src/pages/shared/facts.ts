// What people wrote on the water: corrected by them, reviewed by the office. A photo is a fact too, but
// goes with the record it belongs to.

import { titles } from '../../generated/titles.ts'

type FactCode = {
  [Code in keyof typeof titles]: (typeof titles)[Code]['family'] extends 'fact' ? Code : never
}[keyof typeof titles]

/** What the office looks through one by one; the other facts are read where they belong. */
export const QUEUED = ['hazard', 'event', 'work', 'patrol'] as const satisfies readonly FactCode[]

export type Queued = (typeof QUEUED)[number]

export type Fact = Exclude<FactCode, 'photo'>

export const isFact = (kind: string): kind is Fact =>
  kind !== 'photo' && titles[kind as FactCode]?.family === 'fact'
