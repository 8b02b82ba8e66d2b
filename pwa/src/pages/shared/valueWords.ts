// A value of a record in words, by the description of its field alone. Pure: whatever has to be looked
// up comes with the speech.

import type { Id } from '@hushui/sync'
import { isFilled } from '../../forms/engine.ts'
import { fieldOf, kindOf } from '../../forms/field.ts'
import { accuracyWords } from '../../geo/accuracy.ts'
import { lineLength } from '../../geo/chainage.ts'
import { kinds, type Choice, type Field, type KindCode } from '../../generated/kinds.ts'
import type { Position } from '../../generated/kinds.ts'
import * as format from '../../text/format.ts'
import { itemShown } from './items.ts'
import { slotOf } from './slots.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface Speech {
  readonly lang: format.Lang
  readonly t: (key: string, values?: Record<string, unknown>) => string
  /** 立方米 for m3 */
  readonly unit: (code: string | undefined) => string
  /** What a record is called, by its id; `kind`: the one it should be of, if only one may stand there. */
  readonly name: (id: Id, kind?: string) => string
  /** Default: as `moment` below. */
  readonly moment?: (ms: number) => string
  /** null: not known (yet). */
  readonly kindOf: (id: Id) => KindCode | null
}

/** '' where nothing stands. `among`: the fields it stands beside, for what is told by another. */
export function valueWords(
  speech: Speech,
  field: Field,
  name: string,
  value: unknown,
  among: Fields = {},
): string {
  if (!isFilled(value)) return ''
  switch (field.type) {
    case 'text':
      return name === 'field' ? fieldName(speech, String(value), about(among)) : String(value)
    case 'number':
    case 'integer':
      return amount(speech, field, name, Number(value))
    case 'bool':
      return speech.t(value === true ? 'common.yes' : 'common.no')
    case 'choice':
      return choiceWords(speech, field, value)
    case 'choices':
      return listed(
        speech,
        (value as readonly unknown[]).map((one) => choiceWords(speech, field, one)),
      )
    case 'time':
      return (speech.moment ?? moment)(Number(value))
    case 'ref':
      return speech.name(String(value), field.kind)
    case 'refs':
      return listed(
        speech,
        (value as readonly Id[]).map((id) => speech.name(id, field.kind)),
      )
    case 'rows':
      return rowsWords(speech, field, value as readonly Fields[], among)
    case 'geo':
      return placeWords(speech, value as Place)
    case 'polygon':
    case 'line':
      return shapeWords(speech, field.type, value as readonly Position[])
    case 'sha256':
      return speech.t('value.hash', { hash: String(value).slice(0, 8) })
  }
}

/** 2022-07-08 06:40: a table is read far from the day it speaks of. */
export const moment = (ms: number): string => format.stamp(ms).slice(0, 16)

const listed = ({ t }: Speech, all: readonly string[]): string =>
  all.filter(Boolean).join(t('form.listComma'))

const named = ({ lang }: Speech, it: { readonly zh: string; readonly en: string }): string =>
  lang === 'en' ? it.en : it.zh

/** The code of a later version has no words here; it is never shown as if it were one. */
export function choiceWords(
  speech: Speech,
  field: { readonly choices?: readonly Choice[] },
  code: unknown,
): string {
  const found = field.choices?.find((it) => it.code === code)
  return found ? named(speech, found) : speech.t('value.unknownChoice')
}

function amount(speech: Speech, field: Field, name: string, value: number): string {
  if (name.startsWith('chainage')) return format.chainage(value)
  if (field.unit === 'B') return format.bytes(value)
  const figure = format.fixed(value, field.decimals ?? 0)
  const unit = speech.unit(field.unit)
  return unit === '°' ? `${figure}°` : `${figure} ${unit}`.trim()
}

// ---- rows ----------------------------------------------------------------------------------------

export const isChecklist = (field: Field): boolean =>
  field.type === 'rows' && field.fields?.['answer'] !== undefined

export const isInOrder = (row: Fields): boolean => row['answer'] === 'ok'

function rowsWords(speech: Speech, field: Field, rows: readonly Fields[], among: Fields): string {
  const wrong = isChecklist(field) ? rows.filter((row) => !isInOrder(row)) : rows
  const fine = rows.length - wrong.length
  const said = wrong.map((row) => rowWords(speech, field, row, among))
  return listed(speech, [...said, fine > 0 ? speech.t('form.okCount', { n: fine }) : ''])
}

const rowWords = (speech: Speech, field: Field, row: Fields, among: Fields): string =>
  Object.entries(field.fields ?? {})
    .map(([name, part]) => {
      const said = valueWords(speech, part, name, row[name], { ...among, ...row })
      // A reason alone would read as one more thing that was found.
      const isReason = said !== '' && name === 'no_photo'
      return isReason ? `${named(speech, part)}${speech.t('common.colon')}${said}` : said
    })
    .filter(Boolean)
    .join(' ')

// ---- what is named by the name of a field --------------------------------------------------------

/** Whose fields a review or a photo points at. */
const about = (among: Fields): Id | null => {
  const id = among['target'] ?? among['subject']
  return typeof id === 'string' ? id : null
}

function fieldName(speech: Speech, name: string, record: Id | null): string {
  const slot = slotOf(name)
  if (slot !== null) {
    return speech.t('record.lacks', { slot: choiceWords(speech, kinds.photo.fields.slot, slot) })
  }
  const item = itemShown(name)
  if (item) return named(speech, item)
  const kind = record === null ? null : speech.kindOf(record)
  const field = kind === null ? undefined : fieldOf(kind, name)
  return field ? named(speech, field) : speech.t('value.someField')
}

// ---- places --------------------------------------------------------------------------------------

interface Place {
  readonly source?: string
  readonly lon?: number
  readonly lat?: number
  readonly acc?: number
}

const SOURCES = ['gps', 'map', 'chainage']

function placeWords({ t }: Speech, { source = '', lon, lat, acc }: Place): string {
  if (lon === undefined || lat === undefined) return t('place.none')
  const how = SOURCES.includes(source) ? t(`place.source.${source}`) : ''
  const near = acc === undefined ? '' : accuracyWords(t, acc)
  const at = `${format.fixed(lat, 5)}, ${format.fixed(lon, 5)}`
  return [at, how, near].filter(Boolean).join(' ')
}

function shapeWords(
  { t, lang }: Speech,
  type: 'polygon' | 'line',
  points: readonly Position[],
): string {
  if (type === 'polygon') return t('value.corners', { n: points.length })
  const long = format.distance(lineLength(points), lang)
  return t('value.points', { n: points.length, long })
}

// ---- what a record is called ---------------------------------------------------------------------

/** 南河站 · 22.81 米: what the description says names it; '' where none of that is filled. */
export function titleWords(speech: Speech, kind: KindCode, fields: Fields): string {
  const { title, fields: described } = kindOf(kind)
  return title
    .map((name) => {
      const field = described[name]
      return field ? valueWords(speech, field, name, fields[name], fields) : ''
    })
    .filter(Boolean)
    .map((words) => (words.length > TITLE_MAX ? `${words.slice(0, TITLE_MAX - 1)}…` : words))
    .join(' · ')
}

const TITLE_MAX = 40
