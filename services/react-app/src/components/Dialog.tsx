/**
 * A modal dialog on the browser's own <dialog>: it traps and gives back the focus, makes the rest
 * of the page inert and closes with Escape, all without code of ours.
 *
 * Mounting opens it and unmounting closes it. It never closes by itself: Escape, a click beside it
 * and its close button all ask `onClose`, which may decide otherwise (unsaved changes).
 */
import { X } from 'lucide-react';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18nContext';
import { iconButton } from './Button';
import { OutageBanner } from './OutageBanner';

interface DialogProps {
  title: string;
  /** Beside the title, such as the number of an item. */
  subtitle?: string | undefined;
  onClose: () => void;
  children: ReactNode;
}

/** Opens the dialog, and focuses what is marked with `data-autofocus` inside it. */
function useModal(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    // close() returns the focus to where it was; unmounting alone does not.
    return () => dialog?.close();
  }, []);

  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return undefined;
    const events = new AbortController();
    const { signal } = events;
    dialog.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        // Left to the browser, Escape may close several dialogs at once, whatever `cancel` says.
        event.preventDefault();
        // A question over a form is inside the form's dialog and handles its own events.
        event.stopPropagation();
        onClose();
      },
      { signal },
    );
    // Other ways to ask for closing, such as the back gesture of a telephone.
    dialog.addEventListener(
      'cancel',
      (event) => {
        event.preventDefault();
        onClose();
      },
      { signal },
    );
    // Only a press on the backdrop has the dialog itself as its target.
    dialog.addEventListener(
      'pointerdown',
      (event) => {
        if (event.target === dialog) onClose();
      },
      { signal },
    );
    return () => events.abort();
  }, [onClose]);

  return ref;
}

/** A panel at the side of the page, the whole page on a narrow screen: for forms. */
export function Sheet({ title, subtitle, onClose, children }: DialogProps) {
  const { t } = useI18n();
  const titleId = useId();
  return (
    <dialog
      ref={useModal(onClose)}
      aria-labelledby={titleId}
      className="fixed inset-y-0 right-0 left-auto m-0 h-dvh max-h-none w-full max-w-lg bg-surface text-ink shadow-float motion-safe:animate-slide-in"
    >
      <div className="flex h-full flex-col">
        <header className="flex items-center gap-3 border-b border-line py-3 pr-3 pl-5 sm:pl-6">
          <h2 id={titleId} className="text-lg font-semibold tracking-tight">
            {title}
          </h2>
          {subtitle !== undefined && (
            <span className="rounded-full bg-raised px-2.5 py-0.5 text-xs text-muted tabular-nums">
              {subtitle}
            </span>
          )}
          <button
            type="button"
            aria-label={t('action.close')}
            className={`${iconButton} ml-auto`}
            onClick={onClose}
          >
            <X aria-hidden className="size-5" />
          </button>
        </header>
        <OutageBanner />
        {children}
      </div>
    </dialog>
  );
}

/** A question in the middle of the page. */
export function AlertDialog({
  title,
  detail,
  onClose,
  children,
}: DialogProps & { detail: string }) {
  const id = useId();
  return (
    <dialog
      ref={useModal(onClose)}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-detail`}
      className="m-auto w-[calc(100%-2rem)] max-w-md rounded-2xl bg-surface text-ink shadow-float motion-safe:animate-rise"
    >
      <div className="p-6">
        <h2 id={`${id}-title`} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        <p id={`${id}-detail`} className="mt-2 wrap-anywhere text-muted">
          {detail}
        </p>
        <div className="mt-6 flex flex-wrap justify-end gap-2">{children}</div>
      </div>
    </dialog>
  );
}
