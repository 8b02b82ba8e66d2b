// Records, places and states in the words of the person's language.

import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { HsRecord, RecordPhoto, Status } from '../../app.ts'
import { useApp } from '../../app.ts'
import type {
  Checkpoint,
  Choice,
  Event,
  Field,
  Hazard,
  KindCode,
  Patrol,
  Work,
} from '../../generated/kinds.ts'
import { kinds } from '../../generated/kinds.ts'
import { fieldOf } from '../../forms/field.ts'
import * as format from '../../text/format.ts'
import { stateWords } from '../../text/state.ts'
import type { RecordState } from '../../ui/index.ts'
import { useZones } from './zones.ts'

type Fields = Readonly<Record<string, unknown>>

const UNITS: Readonly<Record<string, string>> = {
  m: 'm',
  'm/s': 'ms',
  'm3/s': 'm3s',
  人: 'person',
  间: 'room',
  亩: 'mu',
  万元: 'wanYuan',
  cm: 'cm',
  m2: 'm2',
  m3: 'm3',
  t: 't',
  船次: 'boatTrip',
  h: 'h',
  台: 'set',
  MΩ: 'MOhm',
  '℃': 'degC',
  'mm/s': 'mms',
  件: 'piece',
  '°': 'degree',
}

export function useWords() {
  const { t, te, locale } = useI18n()
  const app = useApp()
  const zones = useZones()
  const lang = computed<format.Lang>(() => (locale.value === 'en' ? 'en' : 'zh-CN'))

  const named = (it: { readonly zh: string; readonly en: string }) =>
    lang.value === 'en' ? it.en : it.zh

  const unit = (code: string | undefined) => {
    if (code === undefined || code === '') return ''
    const key = UNITS[code]
    return key === undefined ? code : t(`unit.${key}`)
  }

  const label = (kind: KindCode, name: string) => {
    const field = fieldOf(kind, name)
    return field ? named(field) : name
  }

  const choice = (choices: readonly Choice[] | undefined, code: unknown) => {
    const found = choices?.find((it) => it.code === code)
    return found ? named(found) : String(code)
  }

  const choiceOf = (kind: KindCode, name: string, code: unknown) =>
    choice(fieldOf(kind, name)?.choices, code)

  /** A value as it reads on a record page; '' when nothing stands there. */
  const value = (kind: KindCode, name: string, it: unknown): string => {
    const field = fieldOf(kind, name)
    return field ? valueOf(field, name, it) : String(it ?? '')
  }

  function valueOf(field: Field, name: string, it: unknown): string {
    if (it === undefined || it === null || it === '') return ''
    switch (field.type) {
      case 'number':
      case 'integer':
        if (name.startsWith('chainage')) return format.chainage(Number(it))
        return `${format.fixed(Number(it), field.decimals ?? 0)} ${unit(field.unit)}`.trim()
      case 'choice':
        return choice(field.choices, it)
      case 'choices':
        return listed((it as readonly unknown[]).map((one) => choice(field.choices, one)))
      case 'bool':
        return it === true ? t('common.yes') : t('common.no')
      case 'time':
        return format.dateTime(Number(it), lang.value)
      case 'ref':
        return referred(field, String(it))
      case 'refs':
        return listed((it as readonly string[]).map((one) => referred(field, one)))
      case 'rows':
        return listed((it as readonly Fields[]).map((row) => rowWords(row)))
      case 'geo':
        return geoWords(it as { source: string; lon?: number; lat?: number; acc?: number })
      case 'text':
      case 'polygon':
      case 'line':
      case 'sha256':
        return String(it)
    }
  }

  const listed = (all: readonly string[]) => all.filter(Boolean).join(t('form.listComma'))

  function rowWords(row: Fields): string {
    const owner = row['owner'] === 'personal' ? ` · ${t('form.own')}` : ''
    return `${String(row['name'] ?? '')} ${String(row['count'] ?? '')}${owner}`.trim()
  }

  function referred(field: Field, id: string): string {
    if (field.kind === 'zone') return zones.short(id) ?? t('record.unknownZone')
    return app.records.nameOf(id) || t('record.unknownPerson')
  }

  function geoWords(geo: { source: string; lon?: number; lat?: number; acc?: number }): string {
    if (geo.lon === undefined || geo.lat === undefined) return t('place.none')
    const at = `${format.fixed(geo.lat, 5)}, ${format.fixed(geo.lon, 5)}`
    const how = te(`place.source.${geo.source}`) ? t(`place.source.${geo.source}`) : ''
    const acc =
      geo.acc === undefined ? '' : ` ${t('place.within', { metres: Math.round(geo.acc) })}`
    return `${at} ${how}${acc}`.trim()
  }

  const bank = (side: unknown) =>
    side === 'left' ? t('common.leftBank') : side === 'right' ? t('common.rightBank') : ''

  const degrees = (place: unknown): string => {
    const { lon, lat } = (place ?? {}) as { lon?: number; lat?: number }
    return lon === undefined || lat === undefined
      ? ''
      : `${format.fixed(lat, 5)}, ${format.fixed(lon, 5)}`
  }

  /** K5+860 左岸; else the zone, else the degrees; '' when nothing is known. */
  const place = (fields: Fields): string => {
    const from = fields['chainage']
    if (typeof from !== 'number') {
      const zone = fields['zone']
      const known = typeof zone === 'string' ? zones.short(zone) : undefined
      return known ?? degrees(fields['place'])
    }
    const to = fields['chainage_to']
    const at = typeof to === 'number' ? format.chainageRange(from, to) : format.chainage(from)
    return `${at} ${bank(fields['bank'])}`.trim()
  }

  /** What it is, without where. */
  const what = (kind: KindCode, fields: Fields): string => {
    switch (kind) {
      case 'hazard': {
        const types = (fields as Partial<Hazard>).types
        if (!types?.length) return t('hazard.title')
        return choiceOf(kind, 'types', types[0])
      }
      case 'work':
        return (fields as Partial<Work>).work_kind === undefined
          ? named(kinds.work)
          : choiceOf(kind, 'work_kind', fields['work_kind'])
      case 'event':
        return (fields as Partial<Event>).class === undefined
          ? named(kinds.event)
          : choiceOf(kind, 'class', fields['class'])
      case 'patrol': {
        const zone = (fields as Partial<Patrol>).zone
        const code = typeof zone === 'string' ? zones.code(zone) : undefined
        return code === undefined ? named(kinds.patrol) : `${named(kinds.patrol)} ${code}`
      }
      case 'grant': {
        const zone = fields['zone']
        const person = fields['person']
        return t('assign.grantTitle', {
          zone: (typeof zone === 'string' && zones.code(zone)) || '',
          name: typeof person === 'string' ? app.records.nameOf(person) : '',
        })
      }
      default:
        return named(kinds[kind])
    }
  }

  const title = (kind: KindCode, fields: Fields): string => {
    const where = kind === 'patrol' || kind === 'grant' ? '' : place(fields)
    return joined([what(kind, fields), where])
  }

  /** 巡查点 3 · 六孔桥上游 */
  const checkpoint = (point: Partial<Checkpoint> | undefined): string =>
    joined([t('map.checkpointLabel', { n: point?.number ?? '' }), point?.name])

  /** 7月8日 06:40 · 0.850 吨 */
  const caption = (record: HsRecord): string => {
    const fields = record.fields as Fields
    const parts = [moment(record.captured), amount(record.kind, fields)]
    if (record.version > 1) parts.push(t('common.version', { n: record.version }))
    return joined(parts)
  }

  /** The one figure that says how much. */
  const amount = (kind: KindCode, fields: Fields): string => {
    if (kind === 'patrol') return patrolSpan(fields as Partial<Patrol>)
    if (kind === 'hazard' && typeof fields['level'] === 'string') {
      return t(`state.level.${fields['level']}`)
    }
    const name = ['volume_m3', 'weight_t', 'units', 'area_m2'].find(
      (it) => typeof fields[it] === 'number',
    )
    return name === undefined ? '' : value(kind, name, fields[name])
  }

  function patrolSpan(patrol: Partial<Patrol>): string {
    if (patrol.started === undefined) return ''
    if (typeof patrol.ended !== 'number') return t('patrol.running')
    return format.duration(patrol.ended - patrol.started, lang.value)
  }

  /** 06:40 today, 7月8日 06:40 else. */
  const moment = (ms: number): string =>
    format.sameDay(ms, app.now.value) ? format.time(ms) : format.dayTime(ms, lang.value)

  const refusal = (code: string, kind: KindCode | null, field: string | null): string => {
    const key = te(`refusal.${code}`) ? code : 'unknown'
    const name = field === null ? '' : kind === null ? field : label(kind, field)
    return t(`refusal.${key}`, { field: name })
  }

  /** Only ever from the status the app computed. */
  const state = (status: Status, kind: KindCode | null = null): string => {
    switch (status.state) {
      case 'received':
        return status.at === null
          ? t('state.receivedPlain')
          : stateWords(t, { state: 'received', time: moment(status.at) })
      case 'unaccepted':
        return stateWords(t, {
          state: 'unaccepted',
          reason: refusal(status.code, kind, status.field),
        })
      case 'returned':
        return stateWords(t, {
          state: 'returned',
          reason: status.review.reason ?? t('returned.seeMarked'),
        })
      case 'draft':
      case 'saved_local':
      case 'uploading':
      case 'received_partial':
      case 'photo_lost':
        return stateWords(t, status)
    }
  }

  const photoState = (photo: RecordPhoto): string => {
    switch (photo.state) {
      case 'uploading':
        return t('state.photo.uploading', { percent: Math.round(photo.progress * 100) })
      case 'received':
        return t('state.photo.receivedPlain')
      case 'saved_local':
      case 'photo_lost':
        return t(`state.photo.${photo.state}`)
    }
  }

  const slot = (code: string): string => choice(kinds.photo.fields.slot.choices, code)

  return {
    t,
    lang,
    named,
    unit,
    label,
    choice,
    choiceOf,
    value,
    bank,
    place,
    what,
    title,
    checkpoint,
    caption,
    amount,
    moment,
    refusal,
    state,
    photoState,
    slot,
  }
}

export type Words = ReturnType<typeof useWords>

/** Facts beside one another; a full stop stands only at the end. */
export const joined = (facts: readonly (string | null | undefined)[]): string =>
  facts
    .filter((it): it is string => it != null && it !== '')
    .map((it, n, all) => (n < all.length - 1 ? it.replace(/[。.]$/, '') : it))
    .join(' · ')

/** Where a person must act. */
export const needsPerson = (state: RecordState): boolean =>
  state === 'unaccepted' || state === 'returned' || state === 'draft' || state === 'photo_lost'
