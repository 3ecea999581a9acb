/** Shows what somebody else changed while this form was open, and lets the visitor choose. */
import { useI18n } from '../i18n/I18nContext';
import { clashingFields, type ItemDraft } from '../lib/itemForm';
import { Alert } from './Alert';
import { Button } from './Button';

interface ConflictAlertProps {
  /** The common start, the other person's version, and the visitor's version. */
  base: ItemDraft;
  theirs: ItemDraft;
  yours: ItemDraft;
  onReload: () => void;
  onKeep: () => void;
}

export function ConflictAlert({ base, theirs, yours, onReload, onKeep }: ConflictAlertProps) {
  const { t } = useI18n();
  const differing = clashingFields(base, theirs, yours);
  const shown = (text: string) => (text === '' ? t('conflict.emptyValue') : text);
  return (
    <Alert kind="warning" title={t('conflict.title')}>
      <p>{t(differing.length > 0 ? 'conflict.detail' : 'conflict.nothing')}</p>
      {differing.length > 0 && (
        <dl className="mt-3 grid gap-3 text-ink">
          {differing.map((field) => (
            <div key={field} className="border-l-2 border-warning-line pl-3">
              <dt className="text-xs font-semibold">{t(`form.${field}`)}</dt>
              <dd className="line-clamp-3">
                <span className="text-muted">{t('conflict.theirs')}:</span> {shown(theirs[field])}
              </dd>
              <dd className="line-clamp-3">
                <span className="text-muted">{t('conflict.yours')}:</span> {shown(yours[field])}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button onClick={onReload}>{t('conflict.reload')}</Button>
        <Button onClick={onKeep}>{t('conflict.keep')}</Button>
      </div>
    </Alert>
  );
}
