// What the lines of a record say on the page of proof.

import type { Id, Verdict } from '@hushui/sync'
import { computed, type Ref } from 'vue'
import { useDeskWords } from './deskWords.ts'
import { fateOf, hasLeft, isTaken, reasonIn, versionsOf } from './versions.ts'
import { joined } from '../shared/words.ts'
import type { Decision } from '../../app.ts'
import type { Body, HistoryLine } from './wire.ts'

const DONE: readonly Verdict[] = ['applied', 'noop']

export function useEvidenceWords(
  id: Readonly<Ref<Id>>,
  body: Readonly<Ref<Body | null>>,
  lines: Readonly<Ref<readonly HistoryLine[]>>,
) {
  const { t, change, stand, refusal } = useDeskWords()

  const versions = computed(() => versionsOf(id.value, lines.value))
  const byLine = computed(() => new Map(versions.value.map((it) => [it.line, it])))
  const first = computed(() => versions.value[0]?.line ?? lines.value[0] ?? null)

  const reviewIn = (line: HistoryLine) =>
    line.entry?.ops.find((op) => op.kind === 'review' && op.set['target'] === id.value)

  function whatOf(line: HistoryLine): string {
    const review = reviewIn(line)
    if (review) return stand(review.set['decision'] as Decision)
    if (hasLeft(line, id.value)) return t('office.evidence.left')
    const version = byLine.value.get(line)
    const fate = fateOf(line, id.value)
    if (version || fate) {
      const said = version && t('common.version', { n: version.number })
      return joined([said, fate && t(`record.act.${fate}`)])
    }
    const kinds = [...new Set(line.entry?.ops.map(({ kind }) => kind) ?? [])]
    return kinds.map((kind) => t(`office.kind.${kind}`)).join(t('form.listComma'))
  }

  function changedBy(line: HistoryLine): string {
    const review = reviewIn(line)
    if (review) return String(review.set['reason'] ?? '')
    const it = body.value
    const version = byLine.value.get(line)
    const why = reasonIn(line, id.value)
    if (!version || !it || fateOf(line, id.value)) return why ?? ''
    if (version === versions.value[0]) return t('office.evidence.first')
    return version.changes.map((one) => change(it, one)).join(t('common.comma'))
  }

  function verdictOf(line: HistoryLine): string {
    const receipt = line.receipts.at(-1)
    if (!receipt) return ''
    const { verdict, code, field } = receipt
    const said = t(`office.verdict.${verdict}`)
    const why = isTaken(line) || code === null ? '' : t('common.colon') + refusal(code, null, field)
    return joined([said + why, formerly(line, verdict)])
  }

  /** Before a backup was put back, when it was another thing. */
  function formerly({ former }: HistoryLine, verdict: Verdict): string | null {
    const isSame = former?.verdict === verdict
    const isTakenTwice = [former?.verdict, verdict].every((it) => it && DONE.includes(it))
    if (!former || isSame || isTakenTwice) return null
    const was = t(`office.verdict.${former.verdict}`)
    const why = former.code === null ? '' : t('common.colon') + refusal(former.code, null, null)
    return t('office.evidence.formerly', { was: was + why })
  }

  return { first, whatOf, changedBy, verdictOf }
}
