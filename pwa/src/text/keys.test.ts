import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import deskZhCN from './desk/zh-CN.ts'
import rareZhCN from './rare/zh-CN.ts'
import zhCN from './zh-CN.ts'

const SRC = join(import.meta.dirname, '..')
const OUTSIDE = /[\\/](text|generated)[\\/]|\.test\.ts$/

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(ts|vue)$/.test(path) && !OUTSIDE.test(path))
}

const code = [...sources(SRC), join(SRC, 'text', 'state.ts')]
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

function leaves(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [path + key] : leaves(value as object, `${path}${key}.`),
  )
}

/** Keys in quotes, and keys with a hole: `patrol.gapWord.${gap}`. */
const plain = new Set([...code.matchAll(/['"`]([a-z][\w.]*\.\w+)['"`]/gi)].map((it) => it[1]))
const holed = [...code.matchAll(/`([a-z]\w*(?:\.\w+)*\.(?:[\w.]*\$\{[^`]*?\})[\w.]*)`/gi)].map(
  (it) => {
    const pattern = (it[1] ?? '').replace(/\$\{[^}]*\}/g, '§').replace(/[.]/g, '\\.')
    return new RegExp(`^${pattern.replaceAll('§', '[\\w-]+')}$`)
  },
)

/** Said before there is an app to translate, or burnt into a photo. */
const EARLY = ['start.failed', 'stamp.words']

const isRead = (key: string) =>
  EARLY.includes(key) || plain.has(key) || holed.some((it) => it.test(key))

test('every word has a reader', () => {
  expect(
    [zhCN, rareZhCN, deskZhCN].flatMap((words) => leaves(words)).filter((key) => !isRead(key)),
  ).toEqual([])
})
