/** Spanish or English; each language has its own name, for visitors who do not read the other one. */
import { languageNames, languages } from '../i18n/dictionary';
import { useI18n } from '../i18n/I18nContext';

export function LanguageSwitch() {
  const { language, setLanguage, t } = useI18n();
  return (
    <div
      role="group"
      aria-label={t('app.language')}
      className="flex rounded-lg border border-line bg-raised p-0.5 text-xs font-semibold"
    >
      {languages.map((code) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-label={languageNames[code]}
          aria-pressed={code === language}
          className="rounded-md px-2 py-1 text-muted transition-colors hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-card"
          onClick={() => setLanguage(code)}
        >
          {code.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
