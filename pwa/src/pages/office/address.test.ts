import { describe, expect, it } from 'vitest'
import { boundsOf, readAddress, writeAddress } from './address.ts'

const ID = '01jdrdla00ek8bla6qh8eb6nqg'

describe('an address', () => {
  it.each([
    ['one word', 'q', '六孔桥', '六孔桥'],
    ['nothing', 'q', '', null],
    ['a name without a value', 'q', null, null],
    ['a name that stands there twice', 'q', ['a', 'b'], null],
    ['a name that does not stand there', 'other', 'a', null],
  ])('%s', (_, name, value, read) => {
    expect(readAddress({ [name]: value }).one('q')).toBe(read)
  })

  it.each([
    ['an id', ID, ID],
    ['one that is cut off', ID.slice(1), null],
    ['one that is too long', `${ID}0`, null],
    ['a word', 'Z03', null],
    ['two', [ID, ID], null],
  ])('%s', (_, value, read) => {
    expect(readAddress({ zone: value }).id('zone')).toBe(read)
  })

  it.each([
    ['a time', '1657238400000', 1_657_238_400_000],
    ['the first of all', '0', 0],
    ['one before it', '-1', null],
    ['no number', 'gestern', null],
    ['nothing', '', null],
    ['half a ms', '1.5', null],
    ['more than can be counted', '1e300', null],
  ])('%s', (_, value, read) => {
    expect(readAddress({ from: value }).ms('from')).toBe(read)
  })

  it('has one of the choices or none', () => {
    const { choice } = readAddress({ state: 'returned', kind: 'dragon', both: ['a', 'b'] })
    expect(choice('state', ['pending', 'returned'])).toBe('returned')
    expect(choice('kind', ['hazard'])).toBeNull()
    expect(choice('both', ['a', 'b'])).toBeNull()
    expect(choice('gone', ['a'])).toBeNull()
  })

  it('comes back as it was written, and says nothing of what is not asked', () => {
    const bounds = { zone: ID, person: null, from: 0, to: 2, q: '' }
    const query = writeAddress(bounds)
    expect(query).toEqual({ zone: ID, from: '0', to: '2' })
    expect(boundsOf(readAddress(query as never))).toEqual(bounds)
  })
})
