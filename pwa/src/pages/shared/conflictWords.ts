// The values of a conflict in words: what each is, who wrote it, when.

import { DELETED } from '@hushui/sync'
import { useApp } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'
import type { Choice } from '../../ui/ChoiceGroup.vue'
import type { Conflict, Side } from './conflicts.ts'
import { useFieldWords } from './fieldWords.ts'

export function useConflictWords() {
  const { t, label, value, moment } = useFieldWords()
  const { records } = useApp()

  const nameOf = (kind: KindCode, field: string): string =>
    field === DELETED ? t('settling.void') : label(kind, field)

  const valueOf = (kind: KindCode, field: string, side: Side): string =>
    field === DELETED
      ? t(side.value === true ? 'settling.void' : 'settling.kept')
      : value(kind, field, side.value) || t('common.none')

  /** `phone`: which one, in words, where that helps. */
  const choicesOf = (
    kind: KindCode,
    { field, sides }: Conflict,
    phone: (device: string) => string = () => '',
  ): readonly Choice<string>[] =>
    sides.map((side, n) => {
      const who = (side.author !== null && records.nameOf(side.author)) || t('settling.other')
      const time = side.at === null ? '' : moment(side.at)
      const by = t('settling.by', { who, time }).trim()
      const on = side.device === null ? '' : phone(side.device)
      const caption = [n === 0 ? t('settling.stands') : '', by, on].filter(Boolean).join(' · ')
      return { value: side.stamp, label: valueOf(kind, field, side), caption }
    })

  return { nameOf, valueOf, choicesOf }
}
