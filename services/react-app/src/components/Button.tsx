/** Buttons, and links that look like one. */
import type { ComponentProps } from 'react';
import { Link, type LinkProps } from 'react-router';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';

const variants: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent shadow-card hover:bg-accent-strong',
  secondary: 'border border-line bg-surface text-ink shadow-card hover:bg-raised',
  ghost: 'text-muted hover:bg-raised hover:text-ink',
  danger: 'bg-danger text-on-danger shadow-card hover:bg-danger-strong',
};

function classes(variant: Variant, extra = ''): string {
  return `inline-flex h-10 items-center justify-center gap-2 rounded-lg px-4 font-medium whitespace-nowrap transition-colors select-none aria-disabled:opacity-60 ${variants[variant]} ${extra}`;
}

interface ButtonProps extends ComponentProps<'button'> {
  variant?: Variant;
  /** Busy buttons keep the focus and their place; they only do nothing. */
  busy?: boolean;
}

export function Button({
  variant = 'secondary',
  busy = false,
  className,
  onClick,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-disabled={busy || undefined}
      className={classes(variant, className)}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}

export function ButtonLink({
  variant = 'secondary',
  className,
  ...props
}: LinkProps & { variant?: Variant; className?: string }) {
  return <Link {...props} className={classes(variant, className)} />;
}

/** The square of an icon that stands alone; it needs an `aria-label`. */
export const iconButton =
  'inline-flex size-9 items-center justify-center rounded-lg text-muted transition-colors hover:bg-raised hover:text-ink';
