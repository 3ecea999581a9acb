/** A message inside a form, announced at once and scrolled into view. */
import { useEffect, useRef, type ReactNode } from 'react';

interface AlertProps {
  kind: 'danger' | 'warning';
  title: string;
  children?: ReactNode;
}

const kinds = {
  danger: 'border-danger/30 bg-danger-soft text-danger',
  warning: 'border-warning-line bg-warning-soft text-warning',
};

export function Alert({ kind, title, children }: AlertProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Do not return its result as a clean-up: newer browsers return a promise.
    ref.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={ref} role="alert" className={`rounded-xl border px-4 py-3 ${kinds[kind]}`}>
      <p className="font-semibold">{title}</p>
      {children !== undefined && <div className="mt-1 wrap-anywhere">{children}</div>}
    </div>
  );
}
