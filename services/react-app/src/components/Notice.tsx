/** A block that explains why there is nothing else here: empty, not found, failed. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface NoticeProps {
  icon: LucideIcon;
  title: string;
  detail: ReactNode;
  /** The heading's level, by where the notice stands. */
  level?: 1 | 2;
  /** Buttons. */
  children?: ReactNode;
}

export function Notice({ icon: Icon, title, detail, level = 2, children }: NoticeProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="flex flex-col items-center px-6 py-16 text-center">
      <span className="mb-4 inline-flex size-12 items-center justify-center rounded-2xl bg-accent-soft text-accent">
        <Icon aria-hidden className="size-6" />
      </span>
      <Heading className="text-lg font-semibold tracking-tight">{title}</Heading>
      <div className="mt-1.5 max-w-md wrap-anywhere text-muted">{detail}</div>
      {children !== undefined && (
        <div className="mt-6 flex flex-wrap justify-center gap-2">{children}</div>
      )}
    </div>
  );
}
