/** One button that goes through the colour schemes: the system's, light, dark. */
import { Monitor, Moon, Sun } from 'lucide-react';

import { colorSchemes, useColorScheme } from '../hooks/useColorScheme';
import { useI18n } from '../i18n/I18nContext';
import { iconButton } from './Button';

const icons = { system: Monitor, light: Sun, dark: Moon };

export function ColorSchemeSwitch() {
  const { t } = useI18n();
  const [scheme, setScheme] = useColorScheme();
  const Icon = icons[scheme];
  const next = colorSchemes[(colorSchemes.indexOf(scheme) + 1) % colorSchemes.length] ?? 'system';
  return (
    <button
      type="button"
      aria-label={t(`scheme.${scheme}`)}
      title={t(`scheme.${scheme}`)}
      className={iconButton}
      onClick={() => setScheme(next)}
    >
      <Icon aria-hidden className="size-4.5" />
    </button>
  );
}
