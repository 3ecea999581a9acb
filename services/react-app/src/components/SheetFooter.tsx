/** The buttons at the foot of a form's sheet. */
import { useI18n } from '../i18n/I18nContext';
import { Button } from './Button';

interface SheetFooterProps {
  /** The form that the button sends. */
  form: string;
  label: string;
  busyLabel: string;
  busy: boolean;
  onCancel: () => void;
}

export function SheetFooter({ form, label, busyLabel, busy, onCancel }: SheetFooterProps) {
  const { t } = useI18n();
  return (
    <footer className="flex justify-end gap-2 border-t border-line bg-surface px-5 py-3 sm:px-6">
      <Button onClick={onCancel}>{t('action.cancel')}</Button>
      <Button type="submit" form={form} variant="primary" busy={busy}>
        {busy ? busyLabel : label}
      </Button>
    </footer>
  );
}
