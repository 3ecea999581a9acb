/** The frame of every page: header, navigation, outage banner, content. */
import { Outlet, ScrollRestoration, NavLink, Link } from 'react-router';

import { useRecoveryToast } from '../hooks/useRecoveryToast';
import { useI18n } from '../i18n/I18nContext';
import { ColorSchemeSwitch } from './ColorSchemeSwitch';
import { LanguageSwitch } from './LanguageSwitch';
import { OutageBanner } from './OutageBanner';

const navLink =
  'rounded-lg px-2.5 py-1.5 whitespace-nowrap sm:px-3 font-medium text-muted transition-colors hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink';

export function Layout() {
  const { t } = useI18n();
  useRecoveryToast();
  return (
    <>
      <a
        href="#content"
        className="sr-only z-20 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {t('app.skipToContent')}
      </a>
      <div className="sticky top-0 z-10">
        <header className="border-b border-line bg-surface/90 backdrop-blur">
          <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4 sm:gap-4 sm:px-6">
            <Link to="/" aria-label={t('app.name')} className="flex items-center gap-2.5">
              <img src="/favicon.svg" alt="" className="size-7" />
              <span className="hidden font-semibold tracking-tight lg:inline">{t('app.name')}</span>
            </Link>
            <nav aria-label={t('app.navigation')} className="flex gap-1">
              <NavLink to="/" end className={navLink}>
                {t('nav.items')}
              </NavLink>
              <NavLink to="/about" className={navLink}>
                {t('nav.about')}
              </NavLink>
            </nav>
            <div className="ml-auto flex items-center gap-1 sm:gap-2">
              <LanguageSwitch />
              <ColorSchemeSwitch />
            </div>
          </div>
        </header>
        <OutageBanner />
      </div>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-6xl px-4 pt-6 pb-20 sm:px-6 sm:pt-8"
      >
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
}
