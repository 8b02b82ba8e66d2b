// The chain of reports in words: what is due and when, and a report as text for a chat.

import { useApp } from '../../app.ts'
import type { Due } from '../../forms/reportDue.ts'
import { reportText } from '../../forms/reportText.ts'
import { duration } from '../../text/format.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import type { Chain, HazardReport } from './chain.ts'

const MINUTE = 60_000

export function useChainWords() {
  const app = useApp()
  const words = useFieldWords()
  const { t, moment, choiceOf, lang } = words

  const kindOf = (code: unknown): string => choiceOf('hazard_report', 'report_kind', code)

  const isLate = ({ at }: Due): boolean => at < app.now.value

  /** 首报 还有 12 分钟; rounded so that nothing is called late before it is, nor less left than there is */
  function dueWords(due: Due): string {
    const left = due.at - app.now.value
    const span = Math.max(MINUTE, left > 0 ? Math.ceil(left / MINUTE) * MINUTE : -left)
    const values = { kind: kindOf(due.kind), left: duration(span, lang.value) }
    return t(left < 0 ? 'chain.late' : 'chain.due', values)
  }

  const byWords = (due: Due): string =>
    t(isLate(due) ? 'chain.lateBy' : 'chain.dueBy', { time: moment(due.at) })

  /** Of one report; null: of what is known of the hazard, as it is told by word of mouth. */
  function textOf({ hazard, due }: Chain, report: HazardReport | null): string {
    const { session } = app
    const next = due.find(({ kind }) => kind !== 'call_report')
    return reportText(
      {
        kind: report?.fields.report_kind ?? 'call_report',
        org: session.value.phase === 'enrolled' ? session.value.org.name : '',
        number: hazard.number,
        author: app.records.nameOf(report?.author ?? hazard.author),
        at: report ? (report.fields.at ?? report.captured) : hazard.captured,
        found: hazard.captured,
        where: words.place(hazard.fields, true),
        hazard: hazard.fields,
        isSure: hazard.review?.decision === 'approved',
        report: report?.fields ?? null,
        next: report ? (report.fields.next_at ?? null) : (next?.at ?? null),
      },
      words,
    )
  }

  return { ...words, kindOf, isLate, dueWords, byWords, textOf }
}
