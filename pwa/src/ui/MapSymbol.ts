import { h, type FunctionalComponent } from 'vue'
import { mapSymbol, type MapThing } from './mapDrawing.ts'

/** The map's own drawing, for legends and lists. */
export const MapSymbol: FunctionalComponent<{ thing: MapThing }> = ({ thing }) =>
  h('span', {
    class: 'hs-map-symbol',
    style: { display: 'inline-grid', flex: 'none' },
    innerHTML: mapSymbol(thing),
  })

MapSymbol.props = { thing: { type: Object, required: true } }
