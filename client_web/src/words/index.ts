/**
 * What people read, in both languages. zh-CN is the base and ships with the face;
 * English is fetched when somebody asks for it. Keys are `<file>.<path>`.
 */
import { computed, type App, type ComputedRef } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import type { Language } from '@/wire/models'
import common from './zh-CN/common.json'

export interface Catalogue {
  [key: string]: string | Catalogue
}
type Lazy = () => Promise<{ default: Catalogue }>

const i18n = createI18n<false>({
  legacy: false,
  locale: 'zh-CN' as string,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': { common } } as Record<string, Catalogue>,
  missingWarn: false,
  fallbackWarn: false,
})
const english: Record<string, Lazy> = { common: () => import('./en/common.json') }
let englishThere: Promise<void> | null = null

async function fetchEnglish(): Promise<void> {
  const parts = await Promise.all(
    Object.entries(english).map(async ([part, load]) => [part, (await load()).default] as const),
  )
  i18n.global.setLocaleMessage('en', Object.fromEntries(parts) as never)
}

/** Give the face its words: `face` is the catalogue's name, `base` its zh-CN text, `inEnglish` fetches the other. */
export function installWords(app: App, face: string, base: Catalogue, inEnglish: Lazy): void {
  addWords(face, base, inEnglish)
  app.use(i18n)
  document.title = i18n.global.t('common.name')
}

/** Words of a part of the face that is fetched later. */
export function addWords(part: string, base: Catalogue, inEnglish: Lazy): void {
  i18n.global.mergeLocaleMessage('zh-CN', { [part]: base })
  english[part] = inEnglish
  // English is there already: this part catches up.
  if (englishThere) void inEnglish().then((words) => i18n.global.mergeLocaleMessage('en', { [part]: words.default }), () => {})
}

/** Turn the page to a language. Fetches English first; stays as it is when that fails. */
export async function speak(language: Language): Promise<void> {
  if (language === 'en') {
    englishThere ??= fetchEnglish()
    try {
      await englishThere
    } catch {
      englishThere = null
      return
    }
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
  document.title = i18n.global.t('common.name')
}

/** The language of the page at this moment, for those outside of components. */
export function languageNow(): Language {
  return i18n.global.locale.value as Language
}

export interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  has: (key: string) => boolean
  language: ComputedRef<Language>
  speak: typeof speak
}

/** Words for a component. `t('kiosk.welcome.title')`; named values fill `{name}`. */
export function useWords(): Words {
  const { t, te, locale } = useI18n({ useScope: 'global' })
  return {
    t: (key, named) => t(key, named ?? {}),
    has: (key) => te(key) || te(key, 'zh-CN'),
    language: computed(() => locale.value as Language),
    speak,
  }
}
