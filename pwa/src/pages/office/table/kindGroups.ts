// The kinds as the office looks for them. Derived from their descriptions: a new kind finds its place.

import { kinds, type KindCode } from '../../../generated/kinds.ts'
import { QUEUED } from '../../shared/facts.ts'

const GROUPS = ['queued', 'about', 'facts', 'decisions', 'register'] as const

export type KindGroup = (typeof GROUPS)[number]

function groupOf(kind: KindCode): KindGroup {
  const { family, subject } = kinds[kind]
  if (QUEUED.some((it) => it === kind)) return 'queued'
  if (subject !== null) return 'about'
  if (family === 'fact') return 'facts'
  return family === 'decision' ? 'decisions' : 'register'
}

export const groupedKinds: readonly (readonly [KindGroup, readonly KindCode[]])[] = GROUPS.map(
  (group) => [group, (Object.keys(kinds) as KindCode[]).filter((it) => groupOf(it) === group)],
)
