// What a round covered, strip by strip, as it is drawn and said.

import { useWords } from './words.ts'
import { useRareWords } from '../../text/rare/index.ts'
import { chainageRange, distance, share } from '../../text/format.ts'
import { STRIPS, type Strip } from '../../capture/strips.ts'
import type { Lane } from '../../ui/ruler.ts'
import type { Covered } from './patrols.ts'
import type { Reach } from './zones.ts'

type Strips = ReadonlyMap<Strip, Covered>

export function useStrips() {
  const { t } = useRareWords()
  const { lang } = useWords()

  const laneOf = (seen: Covered | null | undefined, strip?: Strip): Lane => ({
    name: strip && t(`strip.${strip}`),
    covered: (seen?.parts ?? []).map(([from, to]) => ({ from, to })),
    gaps: (seen?.holes ?? []).map(({ from, to, gap }) => ({
      from,
      to,
      reason: t(`patrol.gapWord.${gap}`),
    })),
    share: seen ? share(seen.share) : undefined,
  })

  /** One lane for each strip of a dike; one alone where nobody said. */
  const lanes = (any: Covered | null | undefined, strips: Strips | null | undefined): Lane[] =>
    strips ? STRIPS.map((strip) => laneOf(strips.get(strip), strip)) : [laneOf(any)]

  /** What was left out, in chainages; the ends lie with the neighbours. */
  function leftOut(seen: Covered, { from, to }: Reach): string[] {
    const said: string[] = []
    for (const [a, b] of seen.gaps) {
      const parts = { upstream: from - a, downstream: b - to }
      if (parts.upstream >= 1 && b >= from)
        said.push(t('strip.upstream', { metres: distance(parts.upstream, lang.value) }))
      const [first, last] = [Math.max(a, from), Math.min(b, to)]
      if (last - first >= 1) said.push(chainageRange(first, last))
      if (parts.downstream >= 1 && a <= to)
        said.push(t('strip.downstream', { metres: distance(parts.downstream, lang.value) }))
    }
    return said
  }

  /** 迎水坡没走到：K5+100–K5+300、下游交界 20 米. Nothing where all of it was walked. */
  function unwalked(
    any: Covered | null | undefined,
    strips: Strips | null | undefined,
    reach: Reach,
  ): string[] {
    const all: [Strip | undefined, Covered | null | undefined][] = strips
      ? [...strips]
      : [[undefined, any]]
    return all.flatMap(([strip, seen]) => {
      if (!seen) return []
      const name = strip ? t(`strip.${strip}`) : ''
      if (seen.parts.length === 0) return strip ? [t('strip.notAtAll', { name })] : []
      const list = leftOut(seen, reach)
      if (list.length === 0) return []
      const shown = list.slice(0, SHOWN_MAX).join(t('form.listComma'))
      const more = list.length - SHOWN_MAX
      const rest = more > 0 ? t('strip.more', { n: more }) : ''
      return [t('strip.leftOut', { name, list: shown + rest })]
    })
  }

  return { lanes, unwalked, name: (strip: Strip) => t(`strip.${strip}`) }
}

const SHOWN_MAX = 4
