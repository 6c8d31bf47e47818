import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

const nothingIsNever = {
  selector: 'TSAsExpression > TSNeverKeyword',
  message: 'Nothing is never: name the type, or "as unknown as T" where it is pretended.'
}

export default ts.config(
  {
    ignores: [
      'out',
      'dist',
      'test-results',
      'playwright-report',
      '.svelte-check',
      'native/build',
      'data/demo',
      'test/window'
    ]
  },
  js.configs.recommended,
  // Rules about types are oxlint's, which needs a tenth of the time: .oxlintrc.json and, of components, scripts/check-types.ts.
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node }
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } }
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // The list at the end of all tests says why each was skipped.
  {
    files: ['test/**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['skipIf', 'runIf'].map((property) => ({ property, message: 'Give the reason: needs() of test/needs.ts.' }))
      ]
    }
  },
  // What is passed on is what its types say, or is cast to what it pretends to be, by name.
  { files: ['**/*.ts'], rules: { 'no-restricted-syntax': ['error', nothingIsNever] } },
  // What nobody waits for must end with the lab, or it asks a database that is closed.
  {
    files: ['src/main/{api,features,store}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        nothingIsNever,
        ...[
          'ExpressionStatement > UnaryExpression[operator="void"]',
          'ExpressionStatement > CallExpression[callee.property.name="catch"][arguments.0.body.type="Identifier"]'
        ].map((selector) => ({ selector, message: 'Nobody waits for this: give it to services.underway.also().' }))
      ]
    }
  },
  // Playwright tells by the pattern which fixtures a fixture needs; one that needs none has an empty one.
  { files: ['test/app/**'], rules: { 'no-empty-pattern': 'off' } },
  // State classes replace their sets and maps as a whole ($state.raw, $derived); what must change in place is a SvelteMap.
  { files: ['src/renderer/**/*.svelte.ts'], rules: { 'svelte/prefer-svelte-reactivity': 'off' } }
)
