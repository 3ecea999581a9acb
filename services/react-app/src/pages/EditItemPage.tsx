/** /items/:itemId: a sheet over the list that shows one item and edits it. */
import { CloudOff, SearchX } from 'lucide-react';
import { useParams } from 'react-router';

import { Button } from '../components/Button';
import { Sheet } from '../components/Dialog';
import { errorText, traceText } from '../components/errorText';
import { FormSkeleton } from '../components/FormSkeleton';
import { Notice } from '../components/Notice';
import { useCloseSheet } from '../hooks/useCloseSheet';
import { useItem } from '../hooks/useItem';
import { useI18n } from '../i18n/I18nContext';
import { hasStatus, UnavailableError } from '../services/errors';
import { EditItemForm } from './EditItemForm';

export function EditItemPage() {
  const { itemId = '' } = useParams();
  // Anything else cannot be an id of the API; asking for it would be answered with a 422.
  const isId = /^[1-9]\d{0,15}$/.test(itemId);
  return isId ? <EditItem key={itemId} id={Number(itemId)} /> : <Gone />;
}

function EditItem({ id }: { id: number }) {
  const i18n = useI18n();
  const { t } = i18n;
  const close = useCloseSheet();
  const { data, error, refetch } = useItem(id);

  if (data !== undefined) return <EditItemForm loaded={data} />;
  if (hasStatus(error, 404)) return <Gone />;
  return (
    <Sheet title={t('form.edit.title')} subtitle={t('form.number', String(id))} onClose={close}>
      {error === null ? (
        <FormSkeleton label={t('form.edit.loading')} />
      ) : (
        <Notice
          icon={CloudOff}
          title={errorText(error, i18n)}
          detail={error instanceof UnavailableError ? t('outage.detail') : traceText(error, i18n)}
        >
          <Button onClick={() => void refetch()}>{t('action.tryAgain')}</Button>
        </Notice>
      )}
    </Sheet>
  );
}

function Gone() {
  const { t } = useI18n();
  const close = useCloseSheet();
  return (
    <Sheet title={t('form.edit.title')} onClose={close}>
      <Notice icon={SearchX} title={t('form.gone.title')} detail={t('form.gone.detail')}>
        <Button onClick={close}>{t('form.backToList')}</Button>
      </Notice>
    </Sheet>
  );
}
