/** Holds the language of the page and keeps <html lang> and the stored choice in step with it. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { dictionaries } from './dictionary';
import { createFormats } from './format';
import { I18nContext, type I18n } from './I18nContext';
import { initialLanguage, rememberLanguage } from './language';

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(initialLanguage);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const i18n = useMemo<I18n>(() => {
    const dictionary = dictionaries[language];
    return {
      language,
      setLanguage(next) {
        rememberLanguage(next);
        setLanguage(next);
      },
      t(key, ...holes) {
        const message: string | ((...holes: string[]) => string) = dictionary[key];
        return typeof message === 'string' ? message : message(...(holes as string[]));
      },
      format: createFormats(language),
    };
  }, [language]);

  return <I18nContext value={i18n}>{children}</I18nContext>;
}
