import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vite.config.ts'

/**
 * Files share a house: modules are loaded once, at a fraction of the cost. Vue keeps the document it
 * found when it was loaded, so pages have a house with one document for its whole life, and one
 * worker; who swaps a module has a house of his own.
 */
const tests = readdirSync(import.meta.dirname + '/src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name}`)
  .filter((name) => name.endsWith('.test.ts'))
const holding = (words: RegExp) => tests.filter((name) => words.test(readFileSync(name, 'utf8')))
const alone = holding(/\bvi\.(mock|doMock|resetModules)\(/)
const pages = holding(/@vitest-environment happy-dom/).filter((name) => !alone.includes(name))

export default mergeConfig(
  base,
  defineConfig({
    test: {
      testTimeout: 30_000,
      setupFiles: 'tests/patience.ts',
      projects: [
        {
          extends: true,
          test: {
            name: 'shared',
            include: ['src/**/*.test.ts'],
            exclude: [...alone, ...pages],
            isolate: false,
          },
        },
        {
          extends: true,
          test: {
            name: 'pages',
            include: pages,
            environment: 'happy-dom',
            setupFiles: ['tests/patience.ts', 'tests/leaveNothing.ts'],
            isolate: false,
            maxWorkers: 1,
            sequence: { groupOrder: 1 },
          },
        },
        {
          extends: true,
          test: { name: 'alone', include: alone, sequence: { groupOrder: 2 } },
        },
      ],
    },
  }),
)
