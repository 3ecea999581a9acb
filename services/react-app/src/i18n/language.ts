/** Which language the page starts in: the one chosen before, else the browser's, else English. */
import { settings } from '../lib/storage';
import { languages, type Language } from './dictionary';

const KEY = 'mlp.language';

function supported(tag: string | null): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary);
}

export function initialLanguage(): Language {
  const chosen = supported(settings.read(KEY));
  if (chosen !== undefined) return chosen;
  for (const tag of navigator.languages) {
    const language = supported(tag);
    if (language !== undefined) return language;
  }
  return 'en';
}

export function rememberLanguage(language: Language): void {
  settings.write(KEY, language);
}
