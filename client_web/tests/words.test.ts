/** Both languages are whole, every key asked for exists, and no words hide in code. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')
const words = join(src, 'words')

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
function flat(value: unknown, at: string): [string, string][] {
  if (typeof value === 'string') return [[at, value]]
  return Object.entries(value as object).flatMap(([key, below]) => flat(below, `${at}.${key}`))
}
function catalogue(language: string): Map<string, string> {
  const files = readdirSync(join(words, language))
  return new Map(files.flatMap((file) => flat(JSON.parse(readFileSync(join(words, language, file), 'utf8')), file.replace('.json', ''))))
}
function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()

const zh = catalogue('zh-CN')
const en = catalogue('en')
const code = filesUnder(src)
  .filter((file) => /\.(vue|ts)$/.test(file))
  .map((file) => ({ file: file.slice(src.length + 1), text: withoutComments(readFileSync(file, 'utf8')) }))

describe('the catalogues', () => {
  test('both languages have the same keys', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
  })
  test('no text is empty', () => {
    expect([...zh, ...en].filter(([, text]) => text.trim() === '')).toEqual([])
  })
  test('both languages fill in the same names', () => {
    expect([...zh].filter(([key, text]) => names(text).join() !== names(en.get(key) ?? '').join()).map(([key]) => key)).toEqual([])
  })
  test('no text holds a sign that the message compiler would read as its own', () => {
    expect([...zh, ...en].filter(([, text]) => /[@|]/.test(text)).map(([key]) => key)).toEqual([])
  })
})

describe('the code', () => {
  test('every key it asks for exists', () => {
    const missing = code.flatMap(({ file, text }) =>
      [...text.matchAll(/\bt\(\s*(['"`])([\w.-]+)(\$\{)?/g)]
        .filter(([, , key, open]) => (open ? ![...zh.keys()].some((known) => known.startsWith(key!)) : !zh.has(key!)))
        .map(([, , key]) => `${file}: ${key}`),
    )
    expect(missing).toEqual([])
  })
  test('no Chinese words are written outside of the catalogues', () => {
    expect(code.filter(({ text }) => /[\u3400-\u9fff]/.test(text)).map(({ file }) => file)).toEqual([])
  })
})
