import { expect, test } from 'vitest'
import { mapSymbol } from './mapDrawing.ts'

test('the level is a character, not a colour alone', () => {
  expect(mapSymbol({ thing: 'danger', level: 'general' })).toContain('>般<')
  expect(mapSymbol({ thing: 'danger', level: 'extraordinary' })).toContain('>特<')
})

test('a hazard without a level takes no level’s colour', () => {
  const drawn = mapSymbol({ thing: 'danger', level: null })
  expect(drawn).toContain('>未<')
  expect(drawn).not.toMatch(/--hs-lv/)
})

test('what is only on this phone has a dashed ring', () => {
  expect(mapSymbol({ thing: 'danger', level: 'major', ring: 'local' })).toContain('dasharray')
  expect(mapSymbol({ thing: 'hidden', ring: 'local' })).toContain('dasharray')
  expect(mapSymbol({ thing: 'danger', level: 'major' })).not.toContain('dasharray')
})

test('a checkpoint shows its own number until it is done', () => {
  expect(mapSymbol({ thing: 'checkpoint', number: 12 })).toContain('>12<')
  expect(mapSymbol({ thing: 'checkpoint', number: 12, done: true })).not.toContain('>12<')
})
