import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test/fixtures/', 'sample/', '**/generated/', '.vscode-test/', '.cache/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      // `!` is how code says "this index was checked"; noUncheckedIndexedAccess makes the alternative noise.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'eqeqeq': 'error',
      'no-control-regex': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  {
    files: ['scripts/**', '*.mjs', '*.mts', 'test/oracle/**', 'test/bench/**', 'test/fuzz/**', 'media/**'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', performance: 'readonly', fetch: 'readonly', document: 'readonly', window: 'readonly', acquireVsCodeApi: 'readonly', requestAnimationFrame: 'readonly', ResizeObserver: 'readonly', getComputedStyle: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
)
