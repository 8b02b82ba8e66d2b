// The words burnt into a photo: for people who look at it. The proof is hash, chain and receipt.

import { accuracyOf } from '../geo/accuracy.ts'
import * as format from '../text/format.ts'
import zhCN from '../text/zh-CN.ts'

/** What was true at the shutter. */
export interface Shot {
  /** Phone time, ms. */
  readonly taken: number
  readonly fix: { readonly lon: number; readonly lat: number; readonly acc: number } | null
  readonly heading: number | null
  /** Metres along the zone's line; null: not on one. */
  readonly chainage: number | null
  readonly person: string
  readonly zone: string
}

/** Line by line; always Chinese, for it goes to the bureau whatever language the phone speaks. */
export function stampLines(shot: Shot): string[] {
  const who = [shot.zone, shot.person].filter((word) => word !== '').join(' · ')
  return [format.stamp(shot.taken), placeWords(shot), who].filter((line) => line !== '')
}

function placeWords({ fix, heading, chainage }: Shot): string {
  if (fix === null) return zhCN.stamp.noPlace
  const at = `${fix.lat.toFixed(5)}, ${fix.lon.toFixed(5)}`
  const place = chainage === null ? at : `${format.chainage(chainage)} · ${at}`
  const facing = heading === null ? '' : zhCN.stamp.toward[format.bearing(heading)]
  return zhCN.stamp.words
    .split(' · ')
    .filter((part) => facing !== '' || !part.includes('{bearing}'))
    .join(' · ')
    .replace('{place}', place)
    .replace('{accuracy}', zhCN.accuracy[accuracyOf(fix.acc)])
    .replace('{metres}', String(Math.round(fix.acc)))
    .replace('{bearing}', facing)
}
