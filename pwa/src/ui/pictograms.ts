/** Hazard types that have a picture of their own; then what others belong to. */
export const pictograms = [
  'breach',
  'piping',
  'seepage',
  'leak_hole',
  'crack',
  'slope_failure',
  'sinkhole',
  'bank_collapse',
  'scour',
  'overtopping',
  'masonry_washout',
  'hoist_failure',
  'pump_fault',
  'dike',
  'structure',
  'power',
  'flood',
] as const

export type PictogramName = (typeof pictograms)[number]
