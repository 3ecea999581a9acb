/** A function that runs once its caller has paused for `milliseconds`, with the last arguments. */
import { useEffect, useRef } from 'react';

export function useDebouncedCallback<A extends unknown[]>(
  callback: (...args: A) => void,
  milliseconds: number,
): (...args: A) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const newest = useRef(callback);

  useEffect(() => {
    newest.current = callback;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return (...args) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => newest.current(...args), milliseconds);
  };
}
