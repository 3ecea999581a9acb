/** A function that runs `callback`, in its newest version, once its caller has paused. */
import { useEffect, useRef } from 'react';

export function useDebouncedCallback(callback: () => void, milliseconds: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const newest = useRef(callback);

  useEffect(() => {
    newest.current = callback;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => newest.current(), milliseconds);
  };
}
