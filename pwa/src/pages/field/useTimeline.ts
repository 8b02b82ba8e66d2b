// What happened to a record: its own lines, where it was first reported, and its reviews.

import { computed, type Ref } from 'vue'
import { useApp, type HsRecord, type OwnLineView } from '../../app.ts'
import type { TimelineItem } from '../../ui/index.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { isWithdrawn, visitsOf } from '../shared/patrols.ts'
import { joined } from '../shared/words.ts'

/** Clocks are corrected; beyond this it is another line. */
const FIRST_MS = 5000

type Happened = Omit<TimelineItem, 'time'> & { readonly at: number }

export function useTimeline(
  id: string,
  record: Readonly<Ref<HsRecord | null>>,
): Readonly<Ref<readonly TimelineItem[]>> {
  const app = useApp()
  const { t, moment, choiceOf, checkpoint } = useFieldWords()
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
    [...written.value, ...first.value, ...reviewed.value]
      .sort((a, b) => a.at - b.at)
      .map((it) => ({ ...it, time: moment(it.at) })),
  )
}
