// How bad a hazard or an event is by its measures, and why, in words.

import { proposal, severityOf } from '../../forms/severity.ts'
import { useFieldWords } from './fieldWords.ts'
import type { Fields } from './words.ts'

export function useLevelWhy() {
  const { t, named, choiceOf } = useFieldWords()

  /** 管涌出浑水 → 重大（建议）; '' where no rule speaks. */
  return (kind: string, fields: Fields): string => {
    if (kind !== 'hazard' && kind !== 'event') return ''
    const [name, rule] =
      kind === 'hazard' ? ['level', proposal(fields)] : ['severity', severityOf(fields)]
    if (rule === null) return ''
    return t('hazard.levelWhy', { why: named(rule), level: choiceOf(kind, name, rule.code) })
  }
}
