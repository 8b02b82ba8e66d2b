// Which symbol a structure of the register has on a map.

import type { MapThing } from '../../ui/index.ts'

const THINGS: Readonly<Record<string, MapThing>> = {
  pump_station: { thing: 'pump' },
  sluice: { thing: 'gate' },
  gauge: { thing: 'staff' },
}

export const objectThing = (code: unknown): MapThing => THINGS[String(code)] ?? { thing: 'object' }
