// The level a hazard's measures speak for: proposed, never decided. Table B2 for the types of this
// form; a missing measure proposes nothing.

export type Level = 'general' | 'larger' | 'major' | 'extraordinary'

type Values = Readonly<Record<string, unknown>>

const AT_RISK = ['people', 'road', 'rail']

export function proposedLevel(values: Values): Level | null {
  const types = Array.isArray(values['types']) ? (values['types'] as readonly unknown[]) : []
  const levels = types.map((type) => rule(type, values)).filter((level) => level !== null)
  return ORDER.find((level) => levels.includes(level)) ?? null
}

/** Worst first: of several types the worst one counts. */
const ORDER: readonly Level[] = ['extraordinary', 'major', 'larger', 'general']

function rule(type: unknown, values: Values): Level | null {
  switch (type) {
    case 'breach':
      return 'extraordinary'
    case 'piping':
      return piping(values['water'], values['diameter_cm'])
    case 'masonry_washout':
      return washout(values)
    default:
      return null
  }
}

function piping(water: unknown, diameter: unknown): Level | null {
  if (water === 'turbid') return 'major'
  if (water !== 'clear' || typeof diameter !== 'number') return null
  return diameter > 5 ? 'larger' : 'general'
}

function washout(values: Values): Level | null {
  const threat = values['threat']
  const risk = Array.isArray(threat) && threat.some((it) => AT_RISK.includes(it as string))
  if (values['open_through'] === true || risk) return 'major'
  const length = values['length_m']
  if (typeof length !== 'number') return null
  if (length > 20) return 'major'
  return length >= 5 ? 'larger' : 'general'
}
