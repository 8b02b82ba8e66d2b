// The words of every field: its label, its values, its unit. Comes with the forms, not with the shell.

import { useApp, type HsRecord, type RecordPhoto, type Status } from '../../app.ts'
import type { KindCode, Patrol } from '../../generated/kinds.ts'
import { doneOf } from '../../forms/amount.ts'
import { wrongRows, type Values } from '../../forms/engine.ts'
import { blockOf, fieldOf, kindOf } from '../../forms/field.ts'
import type { Fault } from '../../forms/validate.ts'
import * as format from '../../text/format.ts'
import { useRareWords } from '../../text/rare/index.ts'
import { stateWords } from '../../text/state.ts'
import { titleWords, valueWords, type Speech } from './valueWords.ts'
import { joined, useWords, type Fields } from './words.ts'
import { useZones } from './zones.ts'

const UNITS: Readonly<Record<string, string>> = {
  ...{ m: 'm', cm: 'cm', mm: 'mm', km: 'km', m2: 'm2', m3: 'm3', 亩: 'mu', t: 't', kg: 'kg' },
  ...{
    h: 'h',
    min: 'min',
    s: 's',
    'm/s': 'ms',
    'm3/s': 'm3s',
    'mm/s': 'mms',
    '℃': 'degC',
    '°': 'degree',
  },
  ...{ kV: 'kV', kW: 'kw', MPa: 'mpa', MΩ: 'MOhm', Ω: 'ohm', 万m3: 'wanM3', px: 'px', 级: 'grade' },
  ...{ 人: 'person', 人次: 'personTime', 间: 'room', 万元: 'wanYuan', 元: 'yuan', 分: 'point' },
  ...{ 船次: 'boatTrip', 台: 'set', 台班: 'machineShift', 件: 'piece', 棵: 'tree', 条: 'bagPiece' },
  ...{ 根: 'rope', 档: 'span', 基: 'pole', 处: 'place', 孔: 'opening' },
}

/** A title may name records whose title names records: no further than a person reads. */
const DEPTH_MAX = 2

/** Records whose title says more than their fields. */
const TOLD: readonly string[] = ['hazard', 'work', 'event', 'patrol', 'grant']

export function useFieldWords() {
  useRareWords()
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
  const value = (kind: KindCode, name: string, it: unknown, among: Fields = {}): string => {
    const field = fieldOf(kind, name)
    return field ? valueWords(speechAt(0), field, name, it, among) : String(it ?? '')
  }

  const speechAt = (depth: number): Speech => ({
    ...{ lang: lang.value, t, unit },
    moment: (ms) => format.dateTime(ms, lang.value, app.now.value),
    name: (id, kind) => nameAt(id, kind, depth),
    kindOf: (id) => app.records.get(id).value?.kind ?? null,
  })

  function nameAt(id: string, kind: string | undefined, depth: number): string {
    if (kind === 'zone') return zones.short(id) ?? t('record.unknownZone')
    const found = app.records.get(id).value
    if (found) return titleAt(found.kind, found.fields as Fields, depth)
    const unknown = kind === 'member' ? 'record.unknownPerson' : 'value.notHere'
    return app.records.nameOf(id) || t(unknown)
  }

  function titleAt(kind: KindCode, fields: Fields, depth: number): string {
    if (TOLD.includes(kind)) return words.title(kind, fields)
    if (typeof fields['name'] === 'string') return fields['name']
    const called = depth < DEPTH_MAX ? titleWords(speechAt(depth + 1), kind, fields) : ''
    return called || named(kindOf(kind))
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
    const name = doneOf(kind, fields)
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

  /** What is wrong in a form; of a checklist, in what is said of which of its items. */
  const faults = (kind: KindCode, { field: name, code }: Fault, values: Values): string[] => {
    const field = fieldOf(kind, name)
    const rows = field?.fields?.['item'] ? wrongRows(field, values[name]) : []
    const said = rows.filter(({ fault }) => fault.field === 'note')
    if (said.length < Math.max(1, rows.length)) return [refusal(code, kind, name)]
    return said.map(({ row, fault }) => {
      const { item } = (values[name] as readonly Fields[])[row]!
      return t('form.itemWrong', {
        item: choice(field?.fields?.['item']?.choices, item),
        what: t(`form.${fault.code === 'required' ? 'unsaid' : 'wordsTooLong'}`),
      })
    })
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
          : stateWords(t, { ...status, missing: status.missing })
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
    faults,
    state,
    photoState,
    slot,
  }
}
