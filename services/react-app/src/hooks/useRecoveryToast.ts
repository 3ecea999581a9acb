/** Tells that the API is back, once for each outage. */
import { useEffect, useRef } from 'react';

import { useI18n } from '../i18n/I18nContext';
import { useAvailability } from './AvailabilityContext';
import { useToast } from './ToastContext';

export function useRecoveryToast(): void {
  const { t } = useI18n();
  const toast = useToast();
  const { state } = useAvailability();
  const before = useRef(state);

  useEffect(() => {
    if (before.current === 'down' && state === 'up') toast(t('outage.over'));
    before.current = state;
  }, [state, t, toast]);
}
