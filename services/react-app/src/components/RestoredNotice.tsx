/** Tells that a form was filled from what was typed before a reload, and offers to start over. */
import { useI18n } from '../i18n/I18nContext';

export function RestoredNotice({ onStartOver }: { onStartOver: () => void }) {
  const { t } = useI18n();
  return (
    <p
      role="status"
      className="flex flex-wrap items-center justify-between gap-2 rounded-xl bg-accent-soft px-4 py-2.5"
    >
      {t('form.restored')}
      <button
        type="button"
        className="font-medium text-accent underline underline-offset-4"
        onClick={onStartOver}
      >
        {t('form.discardDraft')}
      </button>
    </p>
  );
}
