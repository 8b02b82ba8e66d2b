// What people wrote on the water: corrected by them, reviewed by the office. A photo is a fact too, but
// goes with the record it belongs to.

import { kinds } from '../../generated/kinds.ts'

export const FACTS = ['hazard', 'event', 'work', 'patrol'] as const satisfies readonly FactCode[]

export type Fact = (typeof FACTS)[number]

type FactCode = {
  [Code in keyof typeof kinds]: (typeof kinds)[Code]['family'] extends 'fact' ? Code : never
}[keyof typeof kinds]

export const isFact = (kind: string): kind is Fact => (FACTS as readonly string[]).includes(kind)
