// What happened to a record: its own lines, where it was first reported, and its reviews.

import { computed, type Ref } from 'vue'
import { useApp, type HsRecord, type OwnLineView } from '../../app.ts'
import { kinds, type Field, type KindCode } from '../../generated/kinds.ts'
import type { TimelineItem } from '../../ui/index.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { isWithdrawn, visitsOf } from '../shared/patrols.ts'
import { joined } from '../shared/words.ts'
import { mintedAt } from './chain.ts'

/** Clocks are corrected; beyond this it is another line. */
const FIRST_MS = 5000

type Happened = Omit<TimelineItem, 'time'> & {
  readonly at: number
  /** The record that it is, where that has a page of its own. */
  readonly opens?: string
}

export type CourseItem = TimelineItem & Pick<Happened, 'opens'>

export function useTimeline(
  id: string,
  record: Readonly<Ref<HsRecord | null>>,
): Readonly<Ref<readonly CourseItem[]>> {
  const app = useApp()
  const { t, moment, choiceOf, checkpoint } = useFieldWords()
  const followed = useFollowed(id, record)
  const lines = app.records.lines()
  const points = app.records.list('checkpoint')
  const reviews = app.records.list('review', (it) => it.fields.target === id)

  const own = computed(() =>
    lines.value.filter((it) => it.records.includes(id)).sort((a, b) => a.n - b.n),
  )
  /** Written on another phone, the first line is not among the own ones here. */
  const hasFirst = computed(
    () => (own.value[0]?.wall ?? Infinity) <= (record.value?.captured ?? 0) + FIRST_MS,
  )

  const written = computed<readonly Happened[]>(() =>
    own.value.map((line, index) => ({
      key: line.entry,
      at: line.wall,
      act: actOf(line, index === 0 && hasFirst.value),
      local: line.receipt === null,
      caption: joined([line.why, received(line), judgedAnew(line)]),
    })),
  )

  const first = computed<readonly Happened[]>(() => {
    if (hasFirst.value || !record.value) return []
    const { author, captured } = record.value
    return [{ key: 'first', at: captured, act: by(author, t('record.act.reported')) }]
  })

  const reviewed = computed<readonly Happened[]>(() =>
    reviews.value.map(({ id: key, author, captured, fields: { decision, reason } }) => ({
      ...{ key, at: captured, caption: reason ?? undefined },
      act: by(author, decision === undefined ? '' : choiceOf('review', 'decision', decision)),
    })),
  )

  const by = (person: string, act: string) => `${app.records.nameOf(person)} ${act}`.trim()

  const received = ({ receipt }: OwnLineView): string =>
    receipt === null
      ? t('record.notReceived')
      : t('record.receivedAt', { time: moment(receipt.at), n: receipt.number })

  /** The office put its ledger back, and with other neighbours the line was judged otherwise. */
  const judgedAnew = ({ receipt, former }: OwnLineView): string | null =>
    receipt && former
      ? t('judged.anew', { was: t(`judged.${former}`), now: t(`judged.${receipt.verdict}`) })
      : null

  /** What a line of this record did. */
  function actOf({ entry, acts }: OwnLineView, isFirst: boolean): string {
    const fate = acts.find((act) => act === 'del' || act === 'undel')
    if (fate) return t(`record.act.${fate}`)
    const it = record.value
    if (it?.kind !== 'patrol') return t(isFirst ? 'record.act.reported' : 'record.act.added')
    const visit = visitsOf({ adds: it.adds.filter((add) => add.entry === entry) })[0]
    if (visit) {
      const name = checkpoint(points.value.find((one) => one.id === visit.checkpoint)?.fields)
      return `${name} ${t(`patrol.${isWithdrawn(visit) ? 'withdrawn' : visit.result}`)}`
    }
    return t(isFirst ? 'record.act.begun' : 'record.act.covered')
  }

  return computed(() =>
    [...written.value, ...first.value, ...reviewed.value, ...followed.value]
      .sort((a, b) => a.at - b.at)
      .map((it) => ({ ...it, time: moment(it.at) })),
  )
}

/** What others, and this person, wrote about a hazard in records of their own; and its levels. */
function useFollowed(id: string, record: Readonly<Ref<HsRecord | null>>) {
  const app = useApp()
  const { t, label, named, choiceOf, number } = useFieldWords()
  const about = <K extends KindCode>(kind: K, of: (fields: HsRecord<K>['fields']) => unknown) =>
    app.records.list(kind, (it) => of(it.fields) === id)
  const reports = about('hazard_report', (it) => it.hazard)
  const calls = about('call', (it) => it.about)
  const dispatches = about('dispatch', (it) => it.target)
  const consultations = about('consultation', (it) => it.target)
  const repairs = about('repair', (it) => it.target)
  const checks = about('verification', (it) => it.target)

  const nameOf = (person: string | null | undefined) =>
    (person && app.records.nameOf(person)) || t('chain.act.somebody')

  const levels = useLevels(id, record, reports)

  /** A record beside the one it is about: whose it is, and how far it has come. */
  function of(
    it: HsRecord,
    at: number,
    act: string,
    captions: readonly (string | null | undefined)[],
    key = it.id,
  ): Happened {
    const stands = [
      it.deleted ? t('record.voidedPlain') : null,
      it.status.state === 'unaccepted' ? t('unaccepted.title') : null,
      it.local && it.status.state !== 'unaccepted' ? t('chain.onlyHere') : null,
    ]
    return {
      key,
      at,
      act,
      local: it.local,
      caption: joined([...captions, ...stands]),
      opens: it.id,
    }
  }

  const reported = (it: HsRecord<'hazard_report'>): Happened => {
    const { report_kind: kind, at, text } = it.fields
    const what = [choiceOf('hazard_report', 'report_kind', kind), number(it)].join(' ')
    return of(it, at ?? it.captured, t('chain.act.reported', { name: nameOf(it.author), what }), [
      text,
    ])
  }

  const called = (it: HsRecord<'call'>): Happened => {
    const { at, member, person, result, text } = it.fields
    const values = { name: nameOf(it.author), person: person ?? nameOf(member) }
    const isOwnText = result == null
    return of(it, at ?? it.captured, t(`chain.act.${result ?? 'called'}`, values), [
      isOwnText ? text : null,
    ])
  }

  const sent = (it: HsRecord<'dispatch'>): readonly Happened[] => {
    const { called: at, leader, task } = it.fields
    const act = t('chain.act.sent', { name: nameOf(it.author), leader: nameOf(leader) })
    const answers = it.adds.flatMap(({ entry, author, captured, set }): Happened[] => {
      const choices = (kinds.dispatch.adds.answer.state as Field).choices
      const state = choices?.find(({ code }) => code === set['state'])
      if (!state) return []
      const words = typeof set['note'] === 'string' ? set['note'] : undefined
      const said = t('chain.act.answered', { name: nameOf(author), state: named(state) })
      return [{ key: entry, at: Number(set['at'] ?? captured), act: said, caption: words }]
    })
    return [of(it, at ?? it.captured, act, [task]), ...answers]
  }

  const repaired = (it: HsRecord<'repair'>): readonly Happened[] => {
    const { started, ended, plan } = it.fields
    const name = nameOf(it.author)
    return [
      of(it, started ?? it.captured, t('chain.act.begun', { name }), [plan]),
      ...(ended == null
        ? []
        : [{ ...of(it, ended, t('chain.act.done', { name }), [], `${it.id} done`) }]),
    ]
  }

  const checked = (it: HsRecord<'verification'>): Happened => {
    const { result, reason, verifier } = it.fields
    const values = {
      name: nameOf(verifier ?? it.author),
      result: choiceOf('verification', 'result', result),
    }
    return of(it, it.captured, t('chain.act.verified', values), [reason])
  }

  const consulted = (it: HsRecord<'consultation'>): Happened => {
    const { at, judgement, decision } = it.fields
    return of(it, at ?? it.captured, t('chain.act.consulted', { name: nameOf(it.author) }), [
      judgement,
      decision,
    ])
  }

  const levelled = computed(() =>
    levels.value.map(({ key, at, by, level, local }): Happened => {
      const said = choiceOf('hazard', 'level', level)
      const act = by
        ? t('chain.act.level', { name: nameOf(by), level: said })
        : `${label('hazard', 'level')}${t('common.colon')}${said}`
      return { key, at, act, local }
    }),
  )

  return computed<readonly Happened[]>(() =>
    record.value?.kind !== 'hazard'
      ? []
      : [
          ...reports.value.map(reported),
          ...calls.value.map(called),
          ...dispatches.value.flatMap(sent),
          ...consultations.value.map(consulted),
          ...repairs.value.flatMap(repaired),
          ...checks.value.map(checked),
          ...levelled.value,
        ],
  )
}

interface Levelled {
  readonly key: string
  readonly at: number
  readonly level: string
  /** null: on a phone that is not here, and the record does not say whose. */
  readonly by: string | null
  readonly local: boolean
}

/** Its levels, each where it changed: by own lines, by what stands now, and by what reports say. */
function useLevels(
  id: string,
  record: Readonly<Ref<HsRecord | null>>,
  reports: Readonly<Ref<readonly HsRecord<'hazard_report'>[]>>,
): Readonly<Ref<readonly Levelled[]>> {
  const app = useApp()
  const lines = app.records.lines()

  const own = computed(() => lines.value.filter((it) => it.records.includes(id)))
  const byOwn = computed(() => {
    const me = app.session.value.phase === 'enrolled' ? app.session.value.person : null
    return own.value.flatMap(({ entry, wall, level, receipt }): Levelled[] =>
      level === undefined
        ? []
        : [{ key: `${entry} level`, at: wall, level, by: me, local: receipt === null }],
    )
  })

  const standing = computed((): readonly Levelled[] => {
    const it = record.value
    const stamp = it?.stamps['level']
    const { level } = (it?.fields ?? {}) as { level?: string | null }
    if (!it || stamp === undefined || level == null) return []
    if (own.value.some(({ entry }) => entry === stamp)) return []
    const isFirst = stamp === it.stamps['types']
    const at = isFirst ? it.captured : (mintedAt(stamp) ?? it.captured)
    return [{ key: `${stamp} level`, at, level, by: isFirst ? it.author : null, local: false }]
  })

  const byReports = computed(() =>
    reports.value.flatMap(({ id: key, author, captured, fields, local, deleted }): Levelled[] =>
      fields.level == null || deleted
        ? []
        : [
            {
              ...{ key: `${key} level`, at: fields.at ?? captured, level: fields.level },
              ...{ by: author, local },
            },
          ],
    ),
  )

  return computed(() => {
    const all = [...byOwn.value, ...standing.value, ...byReports.value].sort((a, b) => a.at - b.at)
    return all.filter(({ level }, n) => level !== all[n - 1]?.level)
  })
}
