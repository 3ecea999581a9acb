/**
 * Shows that the API is unavailable. The live region always exists, because screen readers announce
 * only changes inside a region that they already know.
 */
import { RefreshCw } from 'lucide-react';

import { useAvailability } from '../hooks/AvailabilityContext';
import { useI18n } from '../i18n/I18nContext';

export function OutageBanner() {
  const { t } = useI18n();
  const { state, probeNow } = useAvailability();
  return (
    <div aria-live="polite">
      {state === 'down' && (
        <div className="border-b border-warning-line bg-warning-soft text-warning">
          <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 sm:px-6">
            <RefreshCw aria-hidden className="size-4 shrink-0 motion-safe:animate-spin" />
            <p className="min-w-0 flex-1 basis-56">
              <strong className="font-semibold">{t('outage.title')}</strong> {t('outage.detail')}
            </p>
            <button
              type="button"
              className="rounded-md px-2 py-1 font-medium underline underline-offset-4 transition-colors hover:bg-warning-line/40"
              onClick={probeNow}
            >
              {t('action.retryNow')}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
