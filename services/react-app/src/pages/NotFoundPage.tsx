/** Any address that is none of the app's. */
import { Compass } from 'lucide-react';

import { ButtonLink } from '../components/Button';
import { Notice } from '../components/Notice';
import { useI18n } from '../i18n/I18nContext';

export function NotFoundPage() {
  const { t } = useI18n();
  return (
    <>
      <title>{`${t('notFound.title')} · ${t('app.name')}`}</title>
      <Notice level={1} icon={Compass} title={t('notFound.title')} detail={t('notFound.detail')}>
        <ButtonLink variant="primary" to="/">
          {t('form.backToList')}
        </ButtonLink>
      </Notice>
    </>
  );
}
