/** Why a form could not be sent, above its fields. */
import { useI18n } from '../i18n/I18nContext';
import { issuesFromErrors } from '../lib/itemForm';
import { hasStatus, UnavailableError } from '../services/errors';
import { Alert } from './Alert';
import { errorText, traceText } from './errorText';

interface FormErrorAlertProps {
  error: Error | null;
  /** The attempted action: a lost answer has another meaning for each. */
  action: 'create' | 'save';
}

export function FormErrorAlert({ error, action }: FormErrorAlertProps) {
  const i18n = useI18n();
  const { t } = i18n;
  if (error === null) return null;
  if (error instanceof UnavailableError) {
    return (
      <Alert kind="warning" title={t(`form.failed.${action}`)}>
        <p>{t(`form.failed.${action}Hint`)}</p>
      </Alert>
    );
  }
  if (hasStatus(error, 422)) {
    const { rest } = issuesFromErrors(error.fieldErrors);
    return (
      <Alert kind="danger" title={t('form.invalid')}>
        {rest.length > 0 && rest.map((line) => <p key={line}>{line}</p>)}
      </Alert>
    );
  }
  return (
    <Alert kind="danger" title={errorText(error, i18n)}>
      <p className="text-xs">{traceText(error, i18n)}</p>
    </Alert>
  );
}
