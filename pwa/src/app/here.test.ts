// @vitest-environment happy-dom
import { computed, ref } from 'vue'
import { afterEach, expect, test, vi } from 'vitest'
import type { HsRecord, Session } from '../app.ts'
import { placeNow } from '../pages/field/place.ts'
import { createHere } from './here.ts'
import type { Views } from './views.ts'

const at = [124.35, 43.17] as const
/** Some metres to the east of the zone's corner. */
const east = (metres: number) => [at[0] + metres / 81_090, at[1]] as const
const BEIJING = [116.4074, 39.9042] as const

const zone = (id: string, fields: object) =>
  ({ id, fields, deleted: false }) as unknown as HsRecord<'zone'>
const Z03 = zone('Z03', {
  line: [
    [at[0] - 0.01, at[1] - 0.002],
    [at[0] - 0.0001, at[1] - 0.002],
  ],
  polygon: [
    [at[0] - 0.01, at[1] - 0.01],
    [at[0], at[1] - 0.01],
    [at[0], at[1] + 0.01],
    [at[0] - 0.01, at[1] + 0.01],
  ],
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The place fields of a report by somebody whose only zone is Z03. */
function reported([lon, lat]: readonly [number, number], acc: number, zones = [Z03]) {
  const coords = { longitude: lon, latitude: lat, accuracy: acc, heading: null, speed: null }
  const watchPosition = (heard: (it: object) => void) => {
    heard({ coords, timestamp: Date.now() })
    return 1
  }
  const geolocation = { watchPosition, clearWatch: () => undefined }
  vi.stubGlobal('navigator', { geolocation })
  const views = { records: { list: () => computed(() => zones) } } as unknown as Views
  const here = createHere(
    views,
    () => true,
    () => undefined,
  )
  const stop = here.places.watch()
  const session = ref({ phase: 'enrolled', rights: { zones: ['Z03'] } } as unknown as Session)
  const fields = placeNow(here.position(session).value, 'Z03')
  stop()
  return fields
}

test('far from every zone, none is claimed, and the coordinates stand', () => {
  const fields = reported(BEIJING, 6)
  expect(fields).toMatchObject({ zone: null, chainage: null, bank: null })
  expect(fields.place).toMatchObject({ source: 'gps', lon: 116.4074, lat: 39.9042, acc: 6 })
})

test('a bad fix is not in doubt either where its whole circle lies outside', () => {
  expect(reported(BEIJING, 2000).zone).toBeNull()
})

test('near the edge one is still in the zone, and beyond that no longer', () => {
  expect(reported(east(90), 6)).toMatchObject({ zone: 'Z03', chainage: expect.any(Number) })
  expect(reported(east(110), 6).zone).toBeNull()
})

test('a bad fix that may lie in the zone leaves the own one proposed, without a chainage', () => {
  const fields = reported(east(500), 800)
  expect(fields.zone).toBe('Z03')
  expect(fields.chainage).toBeUndefined()
})

test('nothing is outside of what has not come yet', () => {
  expect(reported(BEIJING, 6, []).zone).toBe('Z03')
  expect(reported(BEIJING, 6, [zone('Z05', Z03.fields)]).zone).toBe('Z03')
})
