/** The error boundary: shown if a page throws, which only a bug can cause. */
import { TriangleAlert } from 'lucide-react';

import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { useI18n } from '../i18n/I18nContext';

export function ErrorPage() {
  const { t } = useI18n();
  return (
    <main role="alert">
      <title>{`${t('error.page.title')} · ${t('app.name')}`}</title>
      <Notice
        level={1}
        icon={TriangleAlert}
        title={t('error.page.title')}
        detail={t('error.page.detail')}
      >
        <Button variant="primary" onClick={() => window.location.reload()}>
          {t('error.page.reload')}
        </Button>
      </Notice>
    </main>
  );
}
