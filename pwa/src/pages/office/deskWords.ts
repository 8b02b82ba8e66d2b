// What the desk says about records, beyond what every page says.

import type { Json } from '@hushui/sync'
import * as format from '../../text/format.ts'
import { kindOf } from '../../forms/field.ts'
import { QUEUED } from '../shared/facts.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { joined } from '../shared/words.ts'
import { useApp } from '../../app.ts'
import { levelOf } from '../shared/level.ts'
import { useSpeech } from './table/useSpeech.ts'
import type { Change } from './versions.ts'
import type { Body, ReviewStand } from './wire.ts'

export function useDeskWords() {
  const words = useFieldWords()
  const { t, lang } = words
  const { records } = useApp()
  const speech = useSpeech()

  const person = (id: string): string => records.nameOf(id) || t('record.unknownPerson')

  /** Its kind stands before a name that does not tell it. */
  const title = ({ kind, fields }: Body): string => {
    const [name, called] = [speech.kindName(kind), speech.title(kind, fields)]
    const isTold = kind === 'grant' || QUEUED.some((it) => it === kind)
    return isTold ? called : joined([...new Set([name, called])])
  }

  /** 张河 06:40 · 照片 2/2 · 险情 */
  const caption = (body: Body, photos: string): string => {
    const about = body.kind === 'hazard' ? '' : words.amount(body.kind, body.fields)
    const parts = [
      `${person(body.author)} ${words.moment(body.captured)}`,
      photos,
      about || kind(body),
    ]
    return parts.filter(Boolean).join(' · ')
  }

  const kind = (body: Body): string =>
    body.kind === 'hazard'
      ? words.choiceOf('hazard', 'nature', body.fields['nature'])
      : t(`office.kind.${body.kind}`)

  const flag = (code: string): string => {
    const key = `office.flagName.${code}`
    const said = t(key)
    return said === key ? t('office.flagName.unknown') : said
  }

  /** What the desk says itself, else what the rule of the kind says. */
  const flagWhy = (code: string, { kind }: Pick<Body, 'kind'>): string => {
    const key = `office.flag.${code}`
    const said = t(key)
    if (said !== key) return said
    const { rules, guards } = kindOf(kind)
    const rule = [...rules, ...guards].find((it) => it.code === code)
    return rule ? words.named(rule) : t('office.flag.unknown')
  }

  const value = (body: Pick<Body, 'kind'>, field: string, it: Json | undefined): string =>
    speech.value(body.kind, field, it) || t('common.none')

  /** 长度 120.0 米 → 12.0 米 */
  const change = (body: Pick<Body, 'kind'>, { field, before, after }: Change): string => {
    const label = words.label(body.kind, field)
    const then = value(body, field, after)
    return before === undefined
      ? `${label} ${then}`
      : `${label} ${value(body, field, before)} → ${then}`
  }

  /** 手机快 2 秒 */
  const clock = (offset: number): string => {
    if (Math.abs(offset) < 1000) return t('office.clock.right')
    const way = t(offset > 0 ? 'home.clockFast' : 'home.clockSlow')
    return t('office.clock.off', { way, time: format.duration(Math.abs(offset), lang.value) })
  }

  const stand = (state: ReviewStand): string => t(`office.stand.${state}`)

  /** A desk is no phone: where the words name the one, it has its own. */
  const problem = (code: string): string => {
    const own = t(`office.problem.${code}`)
    if (own !== `office.problem.${code}`) return own
    const said = t(`problem.${code}`)
    return said === `problem.${code}` ? t('problem.unknown') : said
  }

  return {
    ...words,
    ...{
      person,
      title,
      caption,
      level: levelOf,
      flag,
      flagWhy,
      value,
      change,
      clock,
      stand,
      problem,
    },
  }
}
