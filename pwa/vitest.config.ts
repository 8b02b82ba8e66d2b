import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vite.config.ts'

/**
 * Whoever swaps a module gets a house of his own, and so does a page: Vue keeps the document it found
 * when it was loaded. All others share theirs, at half the cost.
 */
const alone = readdirSync(import.meta.dirname + '/src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name}`)
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) =>
    /\bvi\.(mock|doMock|resetModules)\(|@vitest-environment/.test(readFileSync(name, 'utf8')),
  )

export default mergeConfig(
  base,
  defineConfig({
    test: {
      projects: [
        {
          extends: true,
          test: {
            name: 'shared',
            include: ['src/**/*.test.ts'],
            exclude: alone,
            isolate: false,
          },
        },
        { extends: true, test: { name: 'alone', include: alone } },
      ],
    },
  }),
)
