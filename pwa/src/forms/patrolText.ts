// A round as text for the work chat: who, where, when, how much of the line, which points, what was
// wrong, what was not recorded and why. No kilometres: of a person they say nothing. Pure, as
// `reportText`: words and what has to be looked up come with the speech.

import { STRIPS } from '../capture/strips.ts'
import type { Patrol, PatrolSegment } from '../generated/kinds.ts'
import type { ReportSpeech } from './reportText.ts'

export interface RoundSpeech extends Pick<ReportSpeech, 't' | 'value'> {
  readonly range: (from: number, to: number) => string
  readonly span: (ms: number) => string
  readonly day: (ms: number) => string
  readonly time: (ms: number) => string
}

export interface Round {
  readonly org: string
  readonly author: string
  /** Z03 南河中段; '' where it went through no zone. */
  readonly zone: string
  readonly fields: Partial<Patrol>
  /** Check-points that were abnormal, by name, with what was said of them. */
  readonly abnormal: readonly string[]
  readonly gaps: readonly {
    readonly gap: NonNullable<PatrolSegment['gap']>
    readonly from: number
    readonly to: number
  }[]
  /** What its walker reported on the way, in words. */
  readonly found: readonly string[]
  /** Where the record is. */
  readonly state: string
}

/** A chat is read on a phone: more of them are only counted. */
const LISTED_MAX = 6

export function patrolText(round: Round, speech: RoundSpeech): string {
  const { t, range, span } = speech
  const { fields, gaps } = round
  const of = (name: string, it: unknown) => speech.value('patrol', name, it)
  const listed = (all: readonly string[]) =>
    all.slice(0, LISTED_MAX).join(t('chain.text.list')) +
    (all.length > LISTED_MAX ? t('roundText.more', { n: all.length - LISTED_MAX }) : '')

  const { started, ended, covered, signed, points } = fields
  const strips = STRIPS.flatMap((strip) => {
    const share = fields[`covered_${strip}`]
    return share == null ? [] : [`${t(`strip.${strip}`)} ${share}%`]
  })
  const wrong = (fields.checklist ?? []).filter((row) => row['answer'] !== 'ok')
  const items = wrong.map((row) => of('checklist', [row]))
  const told = gaps.map(({ gap, from, to }) =>
    t('roundText.gap', {
      range: range(from, to),
      reason: t(`patrol.gapWord.${gap}`),
      time: span(to - from),
    }),
  )

  const lines: readonly (readonly [line: string, it: string])[] = [
    [
      'who',
      [round.author, of('companions', fields.companions)]
        .filter(Boolean)
        .join(t('chain.text.list')),
    ],
    ['when', whenWords()],
    ['line', covered == null ? '' : `${covered}%`],
    ['strips', strips.join(t('chain.text.list'))],
    ['points', points ? t('common.outOf', { n: signed ?? 0, total: points }) : ''],
    ['abnormal', points ? listed(round.abnormal) || t('roundText.none') : listed(round.abnormal)],
    ['checklist', fields.checklist?.length ? listed(items) || t('roundText.allFine') : ''],
    ['gaps', listed(told) || t('roundText.none')],
    ['found', listed(round.found) || t('roundText.none')],
    ['weather', of('weather', fields.weather)],
    ['said', fields.summary ?? ''],
    ['state', round.state],
  ]
  return [
    t('roundText.head', { org: round.org, zone: round.zone }).trim(),
    ...lines.flatMap(([line, it]) => (it === '' ? [] : [t(`roundText.${line}`, { it })])),
  ].join('\n')

  function whenWords(): string {
    if (started == null) return ''
    const from = speech.day(started)
    if (ended == null) return t('roundText.running', { day: from, time: speech.time(started) })
    const times = { day: from, range: range(started, ended), time: span(ended - started) }
    return t('roundText.times', times)
  }
}
