import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'

const useThePort = 'Take it from the ports: a rule must give the same answer when it is run again.'
const tooNew = 'The phones we serve have none: Chrome 87, Safari 15, Firefox 78.'

export default defineConfig(
  globalIgnores(['**/dist/', '.venv/', 'pwa/src/generated/', 'data/']),
  js.configs.recommended,
  ts.configs.strict,
  vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      // The compiler and vue-tsc know the globals of each file.
      'no-undef': 'off',
      // noUncheckedIndexedAccess asks for it wherever a loop has already checked the index.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['server/hushui/web/viewer/*.js'],
    languageOptions: { globals: { document: 'readonly', fetch: 'readonly' } },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Prettier lays out the templates.
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
    },
  },
  {
    // A forgotten await loses a write; a forgotten case loses a state.
    files: ['pwa/src/**/*.{ts,vue}', 'sync/ts/src/**/*.ts'],
    ignores: ['pwa/src/sw.ts', '**/*.test.ts'],
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.vue'] } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['pwa/src/**/*.{ts,vue}', 'sync/ts/src/**/*.ts'],
    ignores: ['pwa/src/ports.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'crypto', message: useThePort },
        { name: 'performance', message: useThePort },
        { name: 'structuredClone', message: tooNew },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: useThePort },
        { object: 'Math', property: 'random', message: useThePort },
        { object: 'AbortSignal', property: 'timeout', message: tooNew },
        { object: 'AbortSignal', property: 'any', message: tooNew },
        { object: 'Promise', property: 'withResolvers', message: tooNew },
        ...['globalThis', 'self', 'window'].flatMap((object) => [
          { object, property: 'crypto', message: useThePort },
          { object, property: 'performance', message: useThePort },
        ]),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: useThePort },
        { selector: 'CallExpression[callee.name="Date"]', message: useThePort },
      ],
    },
  },
)
