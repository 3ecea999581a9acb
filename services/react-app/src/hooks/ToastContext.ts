/** Short notices that a screen reader announces and that go away by themselves. */
import { createContext, use } from 'react';

export type ToastKind = 'success' | 'error';

export const ToastContext = createContext<((text: string, kind?: ToastKind) => void) | undefined>(
  undefined,
);

export function useToast() {
  const toast = use(ToastContext);
  if (toast === undefined) throw new Error('useToast needs a ToastProvider above it');
  return toast;
}
