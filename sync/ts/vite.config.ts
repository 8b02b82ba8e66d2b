import { defineConfig } from 'vitest/config'

// One file that plain node can import, for the simulator.
export default defineConfig({
  build: {
    target: 'es2022',
    minify: false,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.mjs' },
  },
  // No test swaps a module or leaves anything behind.
  test: { isolate: false },
})
