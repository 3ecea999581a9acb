/** The result of `useI18n`. */
import { createContext, use } from 'react';

import type { Dictionary, Language, MessageKey } from './dictionary';
import type { Formats } from './format';

type Holes<K extends MessageKey> = Dictionary[K] extends (...holes: infer H) => string ? H : [];

export interface I18n {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  /** The text of a key in the current language, its holes filled. */
  readonly t: <K extends MessageKey>(key: K, ...holes: Holes<K>) => string;
  readonly format: Formats;
}

export const I18nContext = createContext<I18n | undefined>(undefined);

export function useI18n(): I18n {
  const i18n = use(I18nContext);
  if (i18n === undefined) throw new Error('useI18n needs an I18nProvider above it');
  return i18n;
}
