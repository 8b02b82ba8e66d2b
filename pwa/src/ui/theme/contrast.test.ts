import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')

const themes = ['day', 'sun', 'night'] as const

function tokensOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme=["']${theme}["']\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? ''
  return new Map(
    [...block.matchAll(/--hs-([a-z0-9-]+):\s*(#[0-9a-f]{6})\b/gi)].map((it) => [
      it[1] ?? '',
      it[2] ?? '',
    ]),
  )
}

function light(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [bright = 0, dark = 0] = [light(a), light(b)].sort((x, y) => y - x)
  return (bright + 0.05) / (dark + 0.05)
}

const texts = [
  ['ink', 'bg'],
  ['ink', 'surface'],
  ['ink', 'sunken'],
  ['ink-2', 'bg'],
  ['ink-2', 'surface'],
  ['ink-2', 'sunken'],
  ['brand-ink', 'surface'],
  ['brand-ink', 'bg'],
  ['brand-ink', 'brand-soft'],
  ['ink', 'brand-soft'],
  ['ink-2', 'brand-soft'],
  ['on-brand', 'brand'],
  ['on-brand', 'brand-press'],
  ['on-brand', 'top'],
  ['danger-ink', 'surface'],
  ['danger-ink', 'bg'],
  ['danger-ink', 'danger-soft'],
  ['ink', 'danger-soft'],
  ['on-danger', 'danger'],
  ['ok-ink', 'surface'],
  ['ok-ink', 'bg'],
  ['ok-ink', 'ok-soft'],
  ['on-ok', 'ok'],
  ['warn-ink', 'warn-soft'],
  ['ink', 'warn-soft'],
  ['on-quiet', 'quiet'],
  ['map-ink', 'map'],
  ['map-ink', 'water'],
  ['surface', 'ink'],
  ['st-draft', 'st-draft-bg'],
  ['st-local', 'st-local-bg'],
  ['st-up', 'st-up-bg'],
  ['st-part', 'st-part-bg'],
  ['st-done', 'st-done-bg'],
  ['st-back', 'st-back-bg'],
  ['on-lv1', 'lv1'],
  ['on-lv2', 'lv2'],
  ['on-lv3', 'lv3'],
  ['on-lv4', 'lv4'],
] as const

const shapes = [
  ['line-strong', 'surface'],
  ['line-strong', 'bg'],
  ['zone', 'map'],
  ['zone-mine', 'map'],
  ['water-edge', 'map'],
  ['cover', 'map'],
  ['gap', 'map'],
  ['gap', 'surface'],
  ['brand', 'surface'],
  ['danger', 'surface'],
  ['ok', 'surface'],
  ['lv1', 'surface'],
  ['lv4', 'surface'],
  ['focus', 'bg'],
  ['focus', 'surface'],
] as const

describe.each(themes)('in the theme %s', (theme) => {
  const tokens = tokensOf(theme)
  const between = ([front, back]: readonly [string, string]) =>
    contrast(tokens.get(front) ?? '', tokens.get(back) ?? '')

  test.each(texts)('text %s is read on %s', (...pair) => {
    expect(between(pair)).toBeGreaterThanOrEqual(theme === 'sun' ? 7 : 4.5)
  })

  test.each(shapes)('the shape %s is seen on %s', (...pair) => {
    expect(between(pair)).toBeGreaterThanOrEqual(3)
  })
})
