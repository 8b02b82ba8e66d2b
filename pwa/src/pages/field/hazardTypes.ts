// The hazard types as a person on the dike looks for them: the usual ones first, the rest by what they
// belong to.

import { kinds, type Hazard } from '../../generated/kinds.ts'
import { pictograms, type PictogramName } from '../../ui/index.ts'

export type HazardType = Hazard['types'][number]
type Group = 'dike' | 'structure' | 'other'

/** Eleven and the way to the rest: four rows of three, all in reach of a thumb. */
const USUAL = [
  ...(['breach', 'piping', 'seepage', 'leak_hole', 'crack', 'slope_failure'] as const),
  ...(['sinkhole', 'bank_collapse', 'scour', 'overtopping', 'masonry_washout'] as const),
] as const satisfies readonly HazardType[]

const GROUPS: Readonly<Record<Group, readonly HazardType[]>> = {
  dike: [
    ...(['wave_cut', 'contact_scour', 'canal_bank_failure'] as const),
    ...(['training_work_damage', 'training_work_washout'] as const),
  ],
  structure: [
    ...(['hoist_failure', 'gate_damage', 'pump_fault', 'structure_slide', 'overturning'] as const),
    ...(['overstress', 'collapse', 'blockage', 'foundation_damage'] as const),
    ...(['stilling_damage', 'drain_failure', 'conduit_damage', 'dam_break'] as const),
  ],
  other: ['power_fault', 'flash_flood'],
}

/** Has a button of its own. */
export const UNCLEAR: HazardType = 'unclear'

/** Nobody could name it. */
export const isUnclearOnly = (types: unknown): boolean =>
  Array.isArray(types) && types.length === 1 && types[0] === UNCLEAR

const all = kinds.hazard.fields.types.choices

const choiceOf = (type: HazardType) => all.filter((it) => it.code === type)

export const usual = USUAL.flatMap(choiceOf)

/** Whatever no group names is with the others: a new type is never out of reach. */
export const groups = (['dike', 'structure', 'other'] as const).map((code) => {
  const named = GROUPS[code].flatMap(choiceOf)
  if (code !== 'other') return { code, types: named }
  const known: readonly HazardType[] = [...USUAL, ...Object.values(GROUPS).flat(), UNCLEAR]
  return { code, types: [...named, ...all.filter((it) => !known.includes(it.code))] }
})

export const rest = groups.reduce((sum, { types }) => sum + types.length, 0)

const isPictogram = (name: string): name is PictogramName =>
  (pictograms as readonly string[]).includes(name)

export function pictogramOf(type: HazardType): PictogramName {
  if (isPictogram(type)) return type
  if (type === 'power_fault') return 'power'
  if (type === 'flash_flood') return 'flood'
  return GROUPS.structure.includes(type) ? 'structure' : 'dike'
}
