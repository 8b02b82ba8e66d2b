import type { Level } from '../../ui/index.ts'

const LEVELS: readonly unknown[] = ['general', 'larger', 'major', 'extraordinary'] satisfies Level[]

interface Leveled {
  readonly kind: string
  readonly fields: object
}

/** null: no hazard, or nobody has set its level. */
export function levelOf({ kind, fields }: Leveled): Level | null {
  const { level } = fields as { readonly level?: unknown }
  return kind === 'hazard' && LEVELS.includes(level) ? (level as Level) : null
}
