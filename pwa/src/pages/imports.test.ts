import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { expect, test } from 'vitest'

/** Whose page may use what of whose: the leader stands in the frame of the phone, the desk in its own. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  field: ['shared'],
  leader: ['shared', 'field'],
  office: ['shared'],
}

const PAGES = import.meta.dirname
const files = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.(ts|vue)$/.test(name) && name.includes(sep),
)

/** Rooms of pages that this source imports, also later, and other than its own. */
function foreign(name: string, source: string): readonly string[] {
  const [own = ''] = name.split(sep)
  const named = [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
    (it) => it[1] ?? '',
  )
  const rooms = named
    .map((path) => normalize(join(dirname(name), path)).split(sep)[0] ?? '')
    .filter((room) => room in MAY && room !== own)
  return [...new Set(rooms)].filter((room) => !MAY[own]?.includes(room))
}

test('every room of pages is known here', () => {
  expect(new Set(files.map((name) => name.split(sep)[0]))).toEqual(new Set(Object.keys(MAY)))
})

test('imports between pages run one way', () => {
  const wrong = files.flatMap((name) => {
    const rooms = foreign(name, readFileSync(join(PAGES, name), 'utf8'))
    return rooms.map((room) => `${name} → ${room}`)
  })
  expect(wrong).toEqual([])
})

test('a wrong one would be found', () => {
  const found = (name: string, path: string) => foreign(name, `import { it } from '${path}'`)
  expect(found(join('office', 'parts', 'Course.vue'), '../../field/send.ts')).toEqual(['field'])
  expect(found(join('field', 'DutyPage.vue'), '../office/keys.ts')).toEqual(['office'])
  expect(found(join('shared', 'words.ts'), '../field/send.ts')).toEqual(['field'])
  expect(foreign(join('field', 'a.ts'), "const it = () => import('../office/a.vue')")).toEqual([
    'office',
  ])
})
