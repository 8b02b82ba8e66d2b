// A report about a hazard as text for a chat: what B3 of the domain asks for, in its order. What nobody
// wrote is left out, line by line. Pure: the words and what has to be looked up come with the speech.

import type { Hazard, HazardReport, KindCode } from '../generated/kinds.ts'
import { isFilled, type Values } from './engine.ts'
import { sections } from './layout.ts'

export interface ReportSpeech {
  readonly t: (key: string, values?: Record<string, unknown>) => string
  /** `''` where nothing stands. */
  readonly value: (kind: KindCode, name: string, value: unknown) => string
  readonly label: (kind: KindCode, name: string) => string
  readonly moment: (ms: number) => string
}

export interface Told {
  readonly kind: HazardReport['report_kind']
  readonly org: string
  /** Of the hazard; null: none yet, and then none is said. */
  readonly number: string | null
  readonly author: string
  /** When it is said, ms. */
  readonly at: number
  /** When it was found, ms. */
  readonly found: number
  /** Zone, chainage and bank, in words. */
  readonly where: string
  readonly hazard: Partial<Hazard>
  /** Somebody who may has agreed to the level. */
  readonly isSure: boolean
  /** null: by word of mouth, from the hazard alone. */
  readonly report: Partial<HazardReport> | null
  /** When the next one comes, ms. */
  readonly next: number | null
}

const LOSSES = ['affected', 'injured', 'dead', 'houses', 'crop_mu', 'loss_wan']
const WATER = ['z_m', 'flow_m3s', 'weather']
const PEOPLE = ['masses', 'army', 'police']

export function reportText(told: Told, speech: ReportSpeech): string {
  const { t, moment } = speech
  const { kind, hazard, author, at, found, number, org, where, next } = told
  const report: Partial<HazardReport> = told.report ?? {}
  const list = t('chain.text.list')
  const stop = t('chain.text.stop')
  const joined = (by: string, ...parts: readonly string[]) => parts.filter(Boolean).join(by)
  const ofHazard = (name: string) => speech.value('hazard', name, (hazard as Values)[name])
  const ofReport = (name: string) => speech.value('hazard_report', name, (report as Values)[name])
  const pairs = (of: 'hazard' | 'hazard_report', names: readonly string[]) =>
    names
      .filter((name) => isFilled(((of === 'hazard' ? hazard : report) as Values)[name]))
      .map((name) => {
        const value = of === 'hazard' ? ofHazard(name) : ofReport(name)
        return t('chain.text.pair', { label: speech.label(of, name), value })
      })
      .join(list)

  const level = ofReport('level') || ofHazard('level')
  // What the measures say is the hazard's, whatever a report adds in words.
  const lines: readonly (readonly [line: string, it: string])[] = [
    ['who', t('chain.text.at', { name: author, time: moment(at) })],
    ['where', joined(' ', where, ofHazard('object_name'), ofHazard('position'))],
    ['what', t('chain.text.found', { what: ofHazard('types'), time: moment(found) })],
    ['said', ofReport('text')],
    ['size', pairs('hazard', measures)],
    ['risk', ofReport('at_risk') || joined(stop, ofHazard('threat'), ofHazard('threat_note'))],
    ['losses', pairs('hazard', LOSSES)],
    ['level', level && t(`chain.text.${told.isSure ? 'sure' : 'unsure'}`, { level })],
    ['water', pairs('hazard_report', WATER)],
    ['done', ofReport('action') || ofHazard('first_treatment')],
    ['people', pairs('hazard_report', PEOPLE)],
    ['forecast', ofReport('forecast')],
    ['cause', ofReport('cause')],
    ['cost', ofReport('cost_wan')],
    ['lessons', ofReport('lessons')],
    ['answers', ofReport('responsible')],
    ['next', next === null ? '' : moment(next)],
  ]
  const head = t('chain.text.head', {
    kind: speech.value('hazard_report', 'report_kind', kind),
    org,
    number: number ?? '',
  })
  return [
    head.trim(),
    ...lines.flatMap(([line, it]) => (it === '' ? [] : [t(`chain.text.${line}`, { it })])),
  ].join('\n')
}

/** How large: the section of the form that asks for it, and with it what the water does. */
const measures: readonly string[] = (
  sections('hazard').find(({ code }) => code === 'measures')?.fields ?? []
).filter((name) => !LOSSES.includes(name))
