/** A grey bar in the place of a text that is on its way. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <span aria-hidden className={`block animate-pulse rounded-md bg-raised ${className}`} />;
}
