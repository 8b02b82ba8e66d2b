// Does a volume fit the three lengths beside it?

type Values = Readonly<Record<string, unknown>>

/** As the server's flag `volume_mismatch`: beyond this the person is asked. */
export const APART_MAX = 0.2

const SIDES: Readonly<Record<string, readonly [string, string, string]>> = {
  work: ['length_m', 'width_m', 'depth_m'],
  hazard: ['length_m', 'height_m', 'thickness_m'],
}

export interface VolumeCheck {
  readonly sides: readonly [number, number, number]
  readonly computed: number
  /** Share of the computed one; null while no volume stands there. */
  readonly apart: number | null
}

/** null while a side is missing. */
export function checkVolume(kind: string, values: Values): VolumeCheck | null {
  const names = SIDES[kind]
  if (!names) return null
  const [a, b, c] = names.map((name) => values[name])
  if (!isLength(a) || !isLength(b) || !isLength(c)) return null
  const computed = a * b * c
  const typed = values['volume_m3']
  const apart = typeof typed === 'number' ? Math.abs(typed - computed) / computed : null
  return { sides: [a, b, c], computed, apart }
}

export const isDoubtful = (check: VolumeCheck | null): boolean =>
  check?.apart != null && check.apart > APART_MAX

const isLength = (value: unknown): value is number => typeof value === 'number' && value > 0
