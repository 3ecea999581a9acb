/** Errors and issues in the visitor's words. */
import type { I18n } from '../i18n/I18nContext';
import type { Issue, ItemField } from '../lib/itemForm';
import { parsePrice } from '../lib/price';
import { ProblemError, UnavailableError } from '../services/errors';

/** The error in one sentence. The text of a problem comes from the API, in English. */
export function errorText(error: Error, { t }: I18n): string {
  if (error instanceof UnavailableError) return t('error.unavailable');
  if (error instanceof ProblemError) return error.problem.detail;
  return t('error.unexpected');
}

/** The trace to look for in the logs, when the API named one. */
export function traceText(error: Error, { t }: I18n): string | undefined {
  const id = error instanceof ProblemError ? error.problem.trace_id : undefined;
  return id === undefined ? undefined : t('error.trace', id);
}

export function issueText(field: ItemField, issue: Issue, { t, format }: I18n): string {
  const { code, limit = 0, message = '' } = issue;
  const price = field === 'price' ? parsePrice(String(limit)) : undefined;
  const shownLimit = price === undefined ? format.integer(limit) : format.price(price);
  switch (code) {
    case 'missing':
    case 'int_type':
    case 'decimal_type':
    case 'control_character':
      return t(`issue.${code}`);
    case 'decimal_places':
    case 'decimal_range':
      return t('issue.decimal_type');
    case 'string_too_short':
      // "At least 1 characters" is a clumsy way to say it.
      return limit <= 1 ? t('issue.missing') : t('issue.string_too_short', shownLimit);
    case 'int_range':
      return t('issue.less_than_equal', shownLimit);
    case 'string_too_long':
    case 'greater_than_equal':
    case 'less_than_equal':
      return t(`issue.${code}`, shownLimit);
    default:
      return message;
  }
}
