/** Shows the notices of `useToast` at the bottom of the page, each for a few seconds. */
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useCallback, useRef, useState, type ReactNode } from 'react';

import { ToastContext, type ToastKind } from '../hooks/ToastContext';
import { useI18n } from '../i18n/I18nContext';
import { iconButton } from './Button';

const SHOWN_FOR_MS = 7_000;

interface Toast {
  id: number;
  text: string;
  kind: ToastKind;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);

  const dismiss = useCallback((id: number) => {
    setToasts((current) => current.filter((toast) => toast.id !== id));
  }, []);
  const show = useCallback(
    (text: string, kind: ToastKind = 'success') => {
      lastId.current += 1;
      const id = lastId.current;
      setToasts((current) => [...current, { id, text, kind }]);
      setTimeout(() => dismiss(id), SHOWN_FOR_MS);
    },
    [dismiss],
  );

  return (
    <ToastContext value={show}>
      {children}
      <section
        aria-label={t('app.notifications')}
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-4 flex flex-col items-center gap-2 sm:items-end"
      >
        {toasts.map(({ id, text, kind }) => (
          <div
            key={id}
            className="pointer-events-auto flex max-w-sm items-center gap-3 rounded-xl border border-line bg-surface py-1.5 pr-1.5 pl-4 shadow-float motion-safe:animate-rise"
          >
            {kind === 'success' ? (
              <CircleCheck aria-hidden className="size-5 shrink-0 text-accent" />
            ) : (
              <CircleAlert aria-hidden className="size-5 shrink-0 text-danger" />
            )}
            <p className="min-w-0 flex-1 wrap-anywhere">{text}</p>
            <button
              type="button"
              aria-label={t('action.dismiss')}
              className={iconButton}
              onClick={() => dismiss(id)}
            >
              <X aria-hidden className="size-4" />
            </button>
          </div>
        ))}
      </section>
    </ToastContext>
  );
}
