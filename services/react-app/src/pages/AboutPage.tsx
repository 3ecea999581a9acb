/** /about: the other parts of the platform, and how a request finds its way through them. */
import { ArrowUpRight, BookOpenText, ChartColumn, Waypoints, type LucideIcon } from 'lucide-react';

import { config } from '../config';
import { useI18n } from '../i18n/I18nContext';

interface PartProps {
  icon: LucideIcon;
  href: string;
  title: string;
  detail: string;
}

function Part({ icon: Icon, href, title, detail }: PartProps) {
  return (
    <li className="contents">
      <a
        href={href}
        className="group flex flex-col rounded-2xl border border-line bg-surface p-5 shadow-card transition-colors hover:border-accent/50"
      >
        <span className="flex items-start justify-between">
          <span className="inline-flex size-10 items-center justify-center rounded-xl bg-accent-soft text-accent">
            <Icon aria-hidden className="size-5" />
          </span>
          <ArrowUpRight
            aria-hidden
            className="size-4 text-muted transition-colors group-hover:text-accent"
          />
        </span>
        <span className="mt-4 text-base font-semibold tracking-tight">{title}</span>
        <span className="mt-1 text-muted">{detail}</span>
      </a>
    </li>
  );
}

export function AboutPage() {
  const { t } = useI18n();
  return (
    <>
      <title>{`${t('about.title')} · ${t('app.name')}`}</title>
      <h1 className="text-2xl font-semibold tracking-tight">{t('about.title')}</h1>
      <p className="mt-1 text-muted">{t('about.subtitle')}</p>
      <ul className="mt-6 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Part
          icon={BookOpenText}
          href={`${config.apiUrl}/docs`}
          title={t('about.docs.title')}
          detail={t('about.docs.detail')}
        />
        <Part
          icon={ChartColumn}
          href="/dash/"
          title={t('about.dash.title')}
          detail={t('about.dash.detail')}
        />
        <Part
          icon={Waypoints}
          href={config.traefikUrl}
          title={t('about.traefik.title')}
          detail={t('about.traefik.detail')}
        />
      </ul>
      <h2 className="mt-10 text-lg font-semibold tracking-tight">{t('about.path.title')}</h2>
      <p className="mt-2 max-w-2xl text-muted">{t('about.path.detail')}</p>
    </>
  );
}
