// Values and names of records in the person's language, on any page of the desk.

import type { Id } from '@hushui/sync'
import { computed } from 'vue'
import { useI18n } from '../../../text/i18n.ts'
import { fieldOf, kindOf } from '../../../forms/field.ts'
import type { Field, KindCode } from '../../../generated/kinds.ts'
import { useWords } from '../../shared/words.ts'
import { useZones } from '../../shared/zones.ts'
import { useNames } from './names.ts'
import { titleWords, valueWords, type Fields, type Speech } from './valueWords.ts'

/** The descriptions' units that have a word in the shared text, and those that the desk says itself. */
const SHARED: Readonly<Record<string, string>> = {
  ...{
    m: 'm',
    cm: 'cm',
    mm: 'mm',
    km: 'km',
    m2: 'm2',
    m3: 'm3',
    亩: 'mu',
    t: 't',
    kg: 'kg',
    h: 'h',
  },
  ...{ 'm/s': 'ms', 'm3/s': 'm3s', 'mm/s': 'mms', '℃': 'degC', '°': 'degree', kV: 'kV' },
  ...{ 人: 'person', 人次: 'personTime', 间: 'room', 万元: 'wanYuan', 船次: 'boatTrip' },
  ...{ 台: 'set', 台班: 'machineShift', 件: 'piece', 棵: 'tree', MΩ: 'MOhm', min: 'min' },
}
const DESK: Readonly<Record<string, string>> = {
  ...{ MPa: 'mpa', kW: 'kw', Ω: 'ohm', 万m3: 'wanM3', px: 'px', 级: 'grade' },
  ...{ 根: 'rope', 档: 'span', 基: 'pole', 处: 'place', 条: 'bag', 元: 'yuan', 分: 'point' },
  ...{ 孔: 'opening' },
}

/** A title may name records whose title names records: no further than a person reads. */
const DEPTH_MAX = 2

const SHORT = 8

/** In place of a name that is being asked for. */
const PENDING = '……'

/** Records whose title says more than its fields: where it is, what code its zone has. */
const TOLD: readonly KindCode[] = ['hazard', 'work', 'event', 'patrol', 'grant']

export function useSpeech() {
  const { t } = useI18n()
  const words = useWords()
  const zones = useZones()
  const find = useNames()

  const unit = (code: string | undefined): string => {
    if (code === undefined || code === '') return ''
    const shared = SHARED[code]
    if (shared !== undefined) return t(`unit.${shared}`)
    const desk = DESK[code]
    return desk === undefined ? code : t(`office.unit.${desk}`)
  }

  const speechAt = (depth: number): Speech => ({
    ...{ lang: words.lang.value, t, unit },
    name: (id) => nameAt(id, depth),
    kindOf: (id) => find(id)?.kind ?? null,
  })

  function nameAt(id: Id, depth: number): string {
    const found = find(id)
    if (found === undefined) return PENDING
    if (found === null) return t('office.table.notSeen')
    if (depth >= DEPTH_MAX) return words.named(kindOf(found.kind))
    return titleAt(found.kind, found.fields, depth + 1)
  }

  function titleAt(kind: KindCode, fields: Fields, depth: number): string {
    if (TOLD.includes(kind)) return words.title(kind, fields)
    if (kind === 'zone') return zoneTitle(fields)
    if (depth > 0 && typeof fields['name'] === 'string') return fields['name']
    const called = titleWords(speechAt(depth), kind, fields)
    return told(kind, fields, called, depth) || words.named(kindOf(kind))
  }

  /** 通过 alone says nothing: of what? */
  function told(kind: KindCode, fields: Fields, called: string, depth: number): string {
    const { subject } = kindOf(kind)
    const about = subject === null ? undefined : fields[subject]
    if (depth > 0 || called.length > SHORT || typeof about !== 'string') return called
    return [called, nameAt(about, depth)].filter(Boolean).join(' · ')
  }

  /** Z03 南河中段, as everywhere else. */
  const zoneTitle = ({ code, name }: Fields): string =>
    [typeof code === 'string' ? code.slice(code.lastIndexOf('-') + 1) : '', name]
      .filter(Boolean)
      .join(' ')

  const speech = computed(() => speechAt(0))

  return {
    speech,
    unit,
    zones,
    kindName: (kind: KindCode): string => words.named(kindOf(kind)),
    label: (it: { readonly zh: string; readonly en: string }): string => words.named(it),
    name: (id: Id): string => nameAt(id, 0),
    kindOf: (id: Id): KindCode | null => find(id)?.kind ?? null,
    /** What no person wrote was written by the system: a phone that joined, a demo's beginning. */
    author: (id: Id): string => (find(id) === null ? t('office.table.system') : nameAt(id, 0)),
    /** What a record is called where its kind is said beside it. */
    title: (kind: KindCode, fields: Fields): string => titleAt(kind, fields, 0),
    value: (kind: KindCode, name: string, it: unknown, among: Fields = {}): string => {
      const field: Field | undefined = fieldOf(kind, name)
      return field ? valueWords(speech.value, field, name, it, among) : ''
    },
  }
}
