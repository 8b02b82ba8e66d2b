// What this phone knows of the events that have to be dealt with: until when, and whether it was done.

import { computed, type ComputedRef } from 'vue'
import { useApp, type HsRecord } from '../../app.ts'
import { eventLimit, handledAt, type Limit } from '../../forms/eventDue.ts'
import { duration } from '../../text/format.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { useZones } from '../shared/zones.ts'
import { bySubject, standingOf, worksOf, checksOf } from './chain.ts'

export interface Owed {
  readonly event: HsRecord<'event'>
  readonly limit: Limit
  /** null: it waits. */
  readonly handled: number | null
}

const MINUTE = 60_000

export function useEventDues() {
  const app = useApp()
  const { records } = app
  const events = records.list('event')
  const photos = records.list('photo')
  const repairs = records.list('repair')
  const checks = records.list('verification')
  const { mine: zones } = useZones()

  const afterOf = computed(() =>
    bySubject(
      photos.value.filter((it) => it.fields.slot === 'after' && !it.deleted),
      (it) => it.fields.subject,
    ),
  )
  const repairsOf = computed(() =>
    bySubject(standingOf(records, repairs.value), (it) => it.fields.target),
  )
  const lookedAt = computed(() =>
    bySubject(standingOf(records, checks.value), (it) => it.fields.target),
  )

  /** null: void, turned down, or of a class without a limit. */
  function owed(event: HsRecord<'event'>): Owed | null {
    const [it] = standingOf(records, [event])
    const limit = it ? eventLimit(it.fields.class, it.captured) : null
    if (!it || !limit) return null
    const handled = handledAt({
      seen: it.captured,
      onSpot: it.fields.handled_on_spot === true,
      after: (afterOf.value.get(it.id) ?? []).map((photo) => photo.fields.taken ?? 0),
      works: worksOf(repairsOf.value.get(it.id) ?? []),
      checks: checksOf(lookedAt.value.get(it.id) ?? []),
    })
    return { event, limit, handled }
  }

  const me = computed(() =>
    app.session.value.phase === 'enrolled' ? app.session.value.person : null,
  )
  /** Found by this person, or in a zone of his. */
  const isMine = ({ author, fields }: HsRecord<'event'>) =>
    author === me.value || (fields.zone != null && zones.value.includes(fields.zone))

  /** What waits for this person, the earliest first. */
  const mine = computed(() =>
    events.value
      .filter(isMine)
      .flatMap((it) => owed(it) ?? [])
      .filter((it) => it.handled === null)
      .sort((a, b) => a.limit.at - b.limit.at),
  )

  return { owed, mine }
}

export function useEventDue(event: () => HsRecord | null): ComputedRef<Owed | null> {
  const { owed } = useEventDues()
  return computed(() => {
    const it = event()
    return it?.kind === 'event' ? owed(it as unknown as HsRecord<'event'>) : null
  })
}

export function useLimitWords() {
  const app = useApp()
  const { t, moment, lang } = useFieldWords()

  const isLate = ({ limit, handled }: Owed): boolean =>
    handled === null ? limit.at < app.now.value : !limit.isAtOnce && handled > limit.at

  /** 应于11月23日 08:10前处理; 立即制止 */
  const limitWords = ({ limit }: Owed): string =>
    limit.isAtOnce ? t('limit.atOnce') : t('limit.by', { time: moment(limit.at) })

  /** 还有 23 小时; rounded so that nothing is called late before it is. */
  function leftWords(it: Owed): string {
    const { limit, handled } = it
    if (handled !== null) return t('limit.handled', { time: moment(handled) })
    const left = limit.at - app.now.value
    const span = Math.max(MINUTE, left > 0 ? Math.ceil(left / MINUTE) * MINUTE : -left)
    return t(left < 0 ? 'limit.late' : 'limit.left', { left: duration(span, lang.value) })
  }

  return { isLate, limitWords, leftWords }
}
