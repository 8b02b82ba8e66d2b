// Records and places in the words of the person's language: what the shell says of them.

import { computed } from 'vue'
import { useI18n } from '../../text/i18n.ts'
import { useApp, type HsRecord } from '../../app.ts'
import type {
  Checkpoint,
  Choice,
  Event,
  Hazard,
  KindCode,
  Patrol,
  Work,
} from '../../generated/kinds.ts'
import { isCheck } from '../../forms/round.ts'
import { titles, type Title } from '../../generated/titles.ts'
import * as format from '../../text/format.ts'
import type { RecordState } from '../../ui/index.ts'
import { useZones } from './zones.ts'

export type Fields = Readonly<Record<string, unknown>>

export function useWords() {
  const { t, te, locale } = useI18n()
  const app = useApp()
  const zones = useZones()
  const lang = computed<format.Lang>(() => (locale.value === 'en' ? 'en' : 'zh-CN'))

  const named = (it: { readonly zh: string; readonly en: string }) =>
    lang.value === 'en' ? it.en : it.zh

  const choice = (choices: readonly Choice[] | undefined, code: unknown) => {
    const found = choices?.find((it) => it.code === code)
    return found ? named(found) : String(code)
  }

  const bank = (side: unknown) =>
    side === 'left' ? t('common.leftBank') : side === 'right' ? t('common.rightBank') : ''

  const degrees = (place: unknown): string => {
    const { lon, lat } = (place ?? {}) as { lon?: number; lat?: number }
    return lon === undefined || lat === undefined
      ? ''
      : `${format.fixed(lat, 5)}, ${format.fixed(lon, 5)}`
  }

  /**
   * Z03 K5+860 左岸, for each river begins at K0; else the zone, else the degrees; '' when nothing is
   * known. `whole`, for who does not know the codes: Z03 南河中段 K5+860 左岸, and that it is in no zone.
   */
  const place = (fields: Fields, whole = false): string => {
    const { zone, chainage: from, chainage_to: to } = fields
    const isAlong = typeof from === 'number'
    const name = whole || !isAlong ? zones.short : zones.code
    const known = typeof zone === 'string' ? name(zone) : undefined
    if (!isAlong) {
      const at = degrees(fields['place'])
      return known ?? (whole && zone === null && at ? `${t('map.outside')} ${at}` : at)
    }
    const at = typeof to === 'number' ? format.chainageRange(from, to) : format.chainage(from)
    return [known, at, bank(fields['bank'])].filter(Boolean).join(' ')
  }

  /** What it is, without where. */
  const what = (kind: KindCode, fields: Fields): string => {
    switch (kind) {
      case 'hazard': {
        const types = (fields as Partial<Hazard>).types
        if (!types?.length) return t('hazard.title')
        return choice(titles.hazard.choices.types, types[0])
      }
      case 'work': {
        const { work_kind, structure } = fields as Partial<Work>
        if (work_kind === undefined) return named(titles.work)
        // A check is of one structure: without its name it says nothing.
        const of = structure && isCheck(kind, fields) ? app.records.nameOf(structure) : ''
        return [choice(titles.work.choices.work_kind, work_kind), of].filter(Boolean).join(' ')
      }
      case 'event':
        return (fields as Partial<Event>).class === undefined
          ? named(titles.event)
          : choice(titles.event.choices.class, fields['class'])
      case 'patrol': {
        const zone = (fields as Partial<Patrol>).zone
        const code = typeof zone === 'string' ? zones.code(zone) : undefined
        return code === undefined ? named(titles.patrol) : `${named(titles.patrol)} ${code}`
      }
      case 'grant': {
        const zone = fields['zone']
        const person = fields['person']
        return t('home.granted', {
          zone: (typeof zone === 'string' && zones.code(zone)) || '',
          name: typeof person === 'string' ? app.records.nameOf(person) : '',
        })
      }
      default:
        return named(titles[kind])
    }
  }

  const title = (kind: KindCode, fields: Fields): string => {
    const where = kind === 'patrol' || kind === 'grant' ? '' : place(fields)
    return joined([what(kind, fields), where])
  }

  /** 2026-0031 · 第 2 份 · 待编号; '' for what has none. */
  const number = (it: Pick<HsRecord, 'kind' | 'number'>): string => {
    // Of a kind that a newer app made nothing is known.
    const numbered = (titles as Partial<Record<string, Title>>)[it.kind]?.numbered ?? null
    if (numbered === null) return ''
    if (it.number === null) return t('record.noNumber')
    return numbered === 'subject' ? t('record.reportNumber', { n: it.number }) : it.number
  }

  /** 巡查点 3 · 六孔桥上游 */
  const checkpoint = (point: Partial<Checkpoint> | undefined): string =>
    joined([t('map.checkpointLabel', { n: point?.number ?? '' }), point?.name])

  /** 06:40 today, 7月8日 06:40 this year, else 2022年7月8日 06:40. */
  const moment = (ms: number): string =>
    format.sameDay(ms, app.now.value)
      ? format.time(ms)
      : format.dayTime(ms, lang.value, app.now.value)

  /** `name`: of the field it is about, in words. */
  const refusal = (code: string, name: string): string =>
    t(`refusal.${te(`refusal.${code}`) ? code : 'unknown'}`, { field: name })

  return {
    t,
    lang,
    named,
    choice,
    bank,
    place,
    what,
    title,
    number,
    checkpoint,
    moment,
    refusal,
  }
}

/** Facts beside one another; a full stop stands only at the end. */
export const joined = (facts: readonly (string | null | undefined)[]): string =>
  facts
    .filter((it): it is string => it != null && it !== '')
    .map((it, n, all) => (n < all.length - 1 ? it.replace(/[。.]$/, '') : it))
    .join(' · ')

/** Where a person must act. */
export const needsPerson = (state: RecordState): boolean =>
  state === 'unaccepted' || state === 'returned' || state === 'draft' || state === 'photo_lost'
