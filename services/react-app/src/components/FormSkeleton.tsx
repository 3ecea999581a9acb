/** The shape of a form that is still loading. */
import { Skeleton } from './Skeleton';

export function FormSkeleton({ label }: { label: string }) {
  return (
    <div className="flex flex-col gap-6 px-5 py-5 sm:px-6" role="status">
      <span className="sr-only">{label}</span>
      {['w-16', 'w-24', 'w-20', 'w-28'].map((width) => (
        <div key={width} className="flex flex-col gap-2">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-10 w-full rounded-lg" />
        </div>
      ))}
    </div>
  );
}
