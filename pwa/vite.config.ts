import vue from '@vitejs/plugin-vue'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, defineConfig, type Plugin, type Rolldown } from 'vite'
import { version } from './package.json'

// What the oldest phones of a bureau still run.
const target = ['chrome87', 'safari15', 'firefox78']

const isOffice = (moduleIds: readonly string[]) =>
  moduleIds.some((id) => /[\\/]src[\\/](pages[\\/]office|(ui|text)[\\/]desk)[\\/]/.test(id))

/** Builds src/sw.ts with the list of files that a phone keeps for work without signal. */
function serviceWorker(): Plugin {
  let out = ''
  const officeFiles = new Set<string>()
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir)
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        // What belongs to office pages alone is fetched when first opened, not by every phone.
        const phoneFiles = new Set<string>()
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue
          const side = isOffice(file.moduleIds) ? officeFiles : phoneFiles
          side.add(file.fileName)
          file.viteMetadata?.importedCss.forEach((name) => side.add(name))
          file.viteMetadata?.importedAssets.forEach((name) => side.add(name))
        }
        phoneFiles.forEach((name) => officeFiles.delete(name))
      },
    },
    async closeBundle() {
      const precache = filesUnder(out)
        .filter((file) => file !== 'sw.js' && !file.endsWith('.map') && !officeFiles.has(file))
        .map((file) => ({ url: `/${file}`, revision: revisionOf(file, out) }))
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        root: import.meta.dirname,
        define: {
          'self.__WB_MANIFEST': JSON.stringify(precache),
          'process.env.NODE_ENV': '"production"',
        },
        build: {
          target,
          outDir: out,
          emptyOutDir: false,
          lib: { entry: 'src/sw.ts', formats: ['iife'], name: 'sw', fileName: () => 'sw.js' },
        },
      })
    },
  }
}

/** What a phone loads before the first page stands; on a bad network every second of it counts. */
const SHELL_KIB = 150

/** Fails the build when what index.html loads outgrows its bound. */
function shellSize(): Plugin {
  return {
    name: 'shell-size',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const shell = new Set(['index.html'])
        const add = (name: string) => {
          const file = bundle[name]
          if (shell.has(name) || file?.type !== 'chunk') return
          shell.add(name)
          file.viteMetadata?.importedCss.forEach((css) => shell.add(css))
          file.imports.forEach(add)
        }
        for (const file of Object.values(bundle)) {
          if (file.type === 'chunk' && file.isEntry) add(file.fileName)
        }
        const sizes = [...shell].map((name) => [name, zipped(bundle[name])] as const)
        const sum = sizes.reduce((all, [, size]) => all + size, 0) / 1024
        if (sum <= SHELL_KIB) return
        const most = sizes.sort((a, b) => b[1] - a[1]).slice(0, 8)
        const list = most.map(([name, size]) => `${name} ${(size / 1024).toFixed(1)}`).join(', ')
        this.error(`The shell is ${sum.toFixed(1)} KiB gzip, over ${SHELL_KIB}: ${list}`)
      },
    },
  }
}

function zipped(file: Rolldown.OutputBundle[string] | undefined): number {
  if (file === undefined) return 0
  return gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 }).length
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()
}

/** null where the name itself carries the hash of the content. */
function revisionOf(file: string, folder: string): string | null {
  if (file.startsWith('assets/')) return null
  return createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex')
    .slice(0, 16)
}

export default defineConfig({
  plugins: [vue(), shellSize(), serviceWorker()],
  // Leaves out what we do not use of Vue.
  define: {
    __APP_VERSION__: JSON.stringify(version),
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
  },
  build: {
    target,
    rolldownOptions: {
      output: {
        chunkFileNames: (chunk) =>
          isOffice(chunk.moduleIds) ? 'assets/office-[name]-[hash].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  server: {
    proxy: { '/api': `http://127.0.0.1:${process.env['PORT'] ?? '8000'}` },
  },
})
