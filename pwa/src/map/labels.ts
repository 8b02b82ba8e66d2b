// Labels that collide cannot be read: the lighter one gives way. A tick gives way to a symbol too; the
// name of a zone looks for a place beside it.

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface Label extends Box {
  readonly weight: number
}

/** What a symbol weighs. */
const SYMBOL = 1.5

/** Which labels stand, by their place in the list: heavier ones first, then the earlier. */
export function standing(
  labels: readonly Label[],
  symbols: readonly Box[] = [],
): readonly boolean[] {
  const placed: Box[] = []
  const stands = labels.map(() => false)
  const order = labels.map((_, n) => n).sort((a, b) => weightOf(b) - weightOf(a) || a - b)
  for (const n of order) {
    const label = labels[n]
    if (!label) continue
    const before = label.weight < SYMBOL ? [...placed, ...symbols] : placed
    if (before.some((box) => overlap(box, label))) continue
    placed.push(label)
    stands[n] = true
  }
  return stands

  function weightOf(n: number): number {
    return labels[n]?.weight ?? 0
  }
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** How far up or down a label goes to lie on no symbol; 0 where it lies on one everywhere. */
export function shiftOf(label: Box, symbols: readonly Box[]): number {
  const height = label.bottom - label.top
  const shifts = [0, STEP, -height - STEP, 2 * STEP, -height - 2 * STEP]
  const isFree = (shift: number) => {
    const moved = { ...label, top: label.top + shift, bottom: label.bottom + shift }
    return !symbols.some((box) => overlap(box, moved))
  }
  return shifts.find(isFree) ?? 0
}

/** About a symbol's height, px. */
const STEP = 24

/** Moves and hides labels of `map`; measured first, changed after, in one pass each. */
export function sortLabels(map: HTMLElement): void {
  const labels = [...map.querySelectorAll<HTMLElement>('.hs-map-label span')]
  for (const label of labels) {
    label.style.visibility = ''
    label.style.marginTop = ''
  }
  const symbols = [...map.querySelectorAll('.hs-map-icon svg')].map((it) => {
    const { left, top, right, bottom } = it.getBoundingClientRect()
    // The drawing does not fill its touch area.
    const [dx, dy] = [(right - left) / 6, (bottom - top) / 6]
    return { left: left + dx, top: top + dy, right: right - dx, bottom: bottom - dy }
  })
  const boxes = labels.map((label) => {
    const { left, top, right, bottom } = label.getBoundingClientRect()
    const weight = Number(label.dataset['weight'] ?? 0)
    const shift = weight > SYMBOL ? shiftOf({ left, top, right, bottom }, symbols) : 0
    return { left, top: top + shift, right, bottom: bottom + shift, weight, shift }
  })
  standing(boxes, symbols).forEach((stands, n) => {
    const label = labels[n]
    if (!label) return
    if (!stands) label.style.visibility = 'hidden'
    label.style.marginTop = `${String(boxes[n]?.shift ?? 0)}px`
  })
}
