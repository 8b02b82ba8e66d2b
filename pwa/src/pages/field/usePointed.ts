// What the office pointed at when it sent a record back, and what it said of each.

import { computed, type Ref } from 'vue'
import { useApp, type HsRecord, type ReviewPoint } from '../../app.ts'
import type { Slot } from '../../forms/engine.ts'
import { fieldOf } from '../../forms/field.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { slotOf } from '../shared/slots.ts'

type FieldPoint = ReviewPoint & { readonly field: string }

export function usePointed(record: Readonly<Ref<HsRecord | null>>) {
  const app = useApp()
  const { t, moment } = useFieldWords()

  const review = computed(() => {
    const status = record.value?.status
    if (status?.state === 'returned') return status.review
    return record.value?.review ?? null
  })
  const points = computed(() => review.value?.points ?? [])
  const kind = computed(() => record.value?.kind ?? 'hazard')

  const marked = computed<readonly FieldPoint[]>(() =>
    points.value.filter(
      (it): it is FieldPoint =>
        typeof it.field === 'string' && fieldOf(kind.value, it.field) !== undefined,
    ),
  )
  const markedPhotos = computed(() => points.value.filter((it) => it.photo != null))
  /** Photos that should be there and are not. */
  const lacking = computed<readonly { point: ReviewPoint; slot: Slot }[]>(() =>
    points.value.flatMap((point) => {
      const slot = typeof point.field === 'string' ? slotOf(point.field) : null
      return slot === null ? [] : [{ point, slot }]
    }),
  )
  const pointed = computed<readonly ReviewPoint[]>(() => [
    ...marked.value,
    ...lacking.value.map((it) => it.point),
    ...markedPhotos.value,
  ])

  function said(point: ReviewPoint): string {
    const text = point.note ?? review.value?.reason ?? ''
    const by = review.value?.by ? app.records.nameOf(review.value.by) : ''
    const at = review.value?.at ? moment(review.value.at) : ''
    return t('returned.said', { name: by, time: at, words: text }).trim()
  }

  /** The reason stands once, with the first thing pointed at; beside it what was noted on each. */
  function saidOf(point: ReviewPoint): string | undefined {
    const isFirst = pointed.value.find((it) => it.note == null) === point
    return point.note != null || isFirst ? said(point) : undefined
  }

  return { marked, markedPhotos, lacking, pointed, said, saidOf }
}
