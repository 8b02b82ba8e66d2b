// What stands in a cell of the table.

import { useDeskWords } from '../deskWords.ts'
import { standOf, type Row } from '../wire.ts'
import { labelOf, unitOver, type Column, type FieldColumn } from './columns.ts'
import { useSpeech } from './useSpeech.ts'
import { moment, valueWords } from './valueWords.ts'
import type { KindCode } from '../../../generated/kinds.ts'
import * as format from '../../../text/format.ts'
import { isFact } from '../../shared/facts.ts'

const DEGREE_DECIMALS = 6

export function useCells() {
  const { t } = useDeskWords()
  const { speech, kindName, title, name, author, label, unit } = useSpeech()

  const header = (it: Column, kind: KindCode | null): string => {
    if ('common' in it) return t(`office.table.column.${it.common}`)
    const own = kind === null ? it.field : labelOf(it, kind, chinese)
    const place = label(own)
    return it.part === 'whole' ? place : t(`office.table.${it.part}`, { place })
  }
  const chinese = (id: string) => t(`office.table.column.${id}`, {}, 'zh-CN')

  /** 立方米: said once over the column, not in each cell. */
  const headerUnit = (it: Column): string => ('common' in it ? '' : unit(unitOver(it)))

  function words({ body, record, received }: Row, it: Column): string {
    const { fields } = body
    if (!('common' in it)) return fieldWords(it, fields)
    switch (it.common) {
      case 'kind':
        return kindName(body.kind)
      case 'title':
        return title(body.kind, fields) || record.slice(-6)
      case 'number':
        return body.number ?? ''
      case 'author':
        return author(body.author)
      case 'zone':
        return typeof fields['zone'] === 'string' ? name(fields['zone']) : ''
      case 'chainage':
        return chainage(fields)
      case 'captured':
        return moment(body.captured)
      case 'received':
        return typeof received === 'number' ? moment(received) : ''
      case 'state':
        return isFact(body.kind) ? t(`office.tab.title.${standOf(body)}`) : ''
      case 'version':
        return String(body.version)
    }
  }

  function fieldWords(it: FieldColumn, fields: Row['body']['fields']): string {
    const value = fields[it.name]
    if (it.part !== 'whole') {
      const degrees = (value as Partial<Record<'lon' | 'lat', number>> | null | undefined)?.[
        it.part
      ]
      return typeof degrees === 'number' ? format.fixed(degrees, DEGREE_DECIMALS) : ''
    }
    const isPlain = headerUnit(it) !== '' && typeof value === 'number'
    if (isPlain) return format.fixed(value, it.field.decimals ?? 0)
    return valueWords(speech.value, it.field, it.name, value, fields)
  }

  function chainage({ chainage: from, chainage_to: to }: Row['body']['fields']): string {
    if (typeof from !== 'number') return ''
    return typeof to === 'number' ? format.chainageRange(from, to) : format.chainage(from)
  }

  return { header, headerUnit, words }
}
