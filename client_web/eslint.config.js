import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import typescript from 'typescript-eslint'
import parser from 'vue-eslint-parser'

export default typescript.config(
  { ignores: ['dist/', 'node_modules/', 'src/wire/openapi.ts'] },
  ...typescript.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parser, parserOptions: { parser: typescript.parser } },
    rules: {
      // Every word a person reads lives in src/words, so that both languages stay whole.
      'vue/no-bare-strings-in-template': [
        'error',
        { allowlist: ['·', '→', '—', '/', '(', ')', '（', '）', ':', '%', '×', '?', '+', '-', '✓', '#'] },
      ],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/max-lines-per-block': ['error', { script: 120, template: 120, style: 160, skipBlankLines: true }],
      'vue/no-v-html': 'error',
      'vue/no-static-inline-styles': 'error',
      // Layout of the markup is left to the writer.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/require-default-prop': 'off',
      // A label may wrap its control or point at it: either is enough.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      // A live call has no caption track to offer.
      'vuejs-accessibility/media-has-caption': 'off',
    },
  },
  {
    rules: {
      'max-lines': ['error', { max: 350 }],
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  // The wire's types are one paper, to be generated.
  { files: ['src/wire/models.ts'], rules: { 'max-lines': 'off' } },
)
