// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { keepSurprise, nameOf, surprisesKept } from './surprises.ts'

beforeEach(() => localStorage.clear())

it('the last twenty are kept, a repeated one once', () => {
  for (let n = 0; n < 25; n++) keepSurprise(`error ${n}`)
  keepSurprise('error 10')
  const kept = surprisesKept()
  expect(kept).toHaveLength(20)
  expect(kept.slice(0, 2)).toMatchObject([
    { what: 'error 10', times: 2, page: location.pathname },
    { what: 'error 24', times: 1 },
  ])
})

it('nobody’s words or numbers are noted, but the place in the code', () => {
  const error = new SyntaxError('Unexpected token in "{"name":"Zhang He"}", 张河 13800001234')
  error.stack =
    'SyntaxError: x\n    at read (http://phone:8000/assets/DraftPage-Ab_c-1.js:1:2345)\n'
  expect(nameOf(error)).toBe('SyntaxError Unexpected token in "…", … … DraftPage-Ab_c-1.js:1:2345')
  expect(nameOf('张河')).toBe('…')
  expect(nameOf(undefined)).toBe('undefined')
  expect(nameOf(new Error('x'.repeat(900))).length).toBeLessThan(300)
})
