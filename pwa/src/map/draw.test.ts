// @vitest-environment happy-dom
import L from 'leaflet'
import { expect, it } from 'vitest'
import { Canvas } from './draw.ts'

type Drawing = L.Canvas & { _redraw: () => void }

it('a map that was taken down may be asked to draw once more', () => {
  expect(() => {
    ;(L.canvas() as Drawing)._redraw()
  }, "Leaflet's own slip: when it is mended there, ours can go").toThrow()
  ;(new Canvas() as Drawing)._redraw()
})
