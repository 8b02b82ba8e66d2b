// The words of every field: its label, its values, its unit. Comes with the forms, not with the shell.

import { useApp, type HsRecord, type RecordPhoto, type Status } from '../../app.ts'
import type { Field, KindCode, Patrol } from '../../generated/kinds.ts'
import { blockOf, fieldOf } from '../../forms/field.ts'
import * as format from '../../text/format.ts'
import { useRareWords } from '../../text/rare/index.ts'
import { stateWords } from '../../text/state.ts'
import { joined, useWords, type Fields } from './words.ts'
import { useZones } from './zones.ts'

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

export function useFieldWords() {
  const { te } = useRareWords()
  const words = useWords()
  const { t, lang, named, choice, moment } = words
  const app = useApp()
  const zones = useZones()

  const unit = (code: string | undefined) => {
    if (code === undefined || code === '') return ''
    const key = UNITS[code]
    return key === undefined ? code : t(`unit.${key}`)
  }

  const label = (kind: KindCode, name: string) => {
    const field = fieldOf(kind, name)
    return field ? named(field) : name
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
        return field.fields?.['item']
          ? checklistWords(field, it as readonly Fields[])
          : listed((it as readonly Fields[]).map((row) => rowWords(row)))
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

  /** 拍门异常 关不严、其余 17 项正常 */
  function checklistWords(field: Field, rows: readonly Fields[]): string {
    const parts = field.fields ?? {}
    const wrong = rows.filter((row) => row['answer'] !== 'ok')
    const said = wrong.map((row) =>
      [choice(parts['item']?.choices, row['item']), choice(parts['answer']?.choices, row['answer'])]
        .concat(typeof row['note'] === 'string' ? row['note'] : [])
        .join(' '),
    )
    const ok = rows.length - wrong.length
    return listed([...said, ok > 0 ? t('form.okCount', { n: ok }) : ''])
  }

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

  const refusal = (code: string, kind: KindCode | null, field: string | null): string => {
    const block = code === 'blocked' && kind && field ? blockOf(kind, field) : undefined
    if (block) return named(block)
    const name = field === null ? '' : kind === null ? field : label(kind, field)
    return words.refusal(code, name)
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
      case 'received_partial':
        return status.missing === null
          ? t('state.receivedText')
          : stateWords(t, { state: 'received_partial', missing: status.missing })
      case 'draft':
      case 'saved_local':
      case 'uploading':
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
      case 'missing':
      case 'photo_lost':
        return t(`state.photo.${photo.state}`)
    }
  }

  const slot = (code: string): string => choiceOf('photo', 'slot', code)

  return {
    ...words,
    unit,
    label,
    choiceOf,
    value,
    caption,
    amount,
    refusal,
    state,
    photoState,
    slot,
  }
}
