// What is pointed at when sending back: fields and photos.

import type { ReviewPoint } from '../../app.ts'

export type Pick = `field:${string}` | `photo:${string}`

export const togglePick = (picks: readonly Pick[], one: Pick): readonly Pick[] =>
  picks.includes(one) ? picks.filter((it) => it !== one) : [...picks, one].slice(-POINTS_MAX)

/** As many as a review takes. */
const POINTS_MAX = 12

export const pointsOf = (picks: readonly Pick[]): readonly ReviewPoint[] =>
  picks.map((pick) => {
    const name = pick.slice(6)
    return pick.startsWith('field:') ? { field: name } : { photo: name }
  })
