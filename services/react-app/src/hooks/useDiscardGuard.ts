/**
 * Stops a navigation away from a form with unsaved changes until the visitor has decided, whether
 * it comes from a button, from Escape or from the browser's back button.
 */
import { useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';

interface DiscardGuard {
  /** True while a navigation waits for the decision. */
  readonly asking: boolean;
  readonly stay: () => void;
  readonly leave: () => void;
  /** The form was saved: lets the next navigation pass. */
  readonly release: () => void;
}

export function useDiscardGuard(dirty: boolean): DiscardGuard {
  const guarded = useRef(dirty);
  useEffect(() => {
    guarded.current = dirty;
  }, [dirty]);

  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      guarded.current && currentLocation.pathname !== nextLocation.pathname,
  );
  return {
    asking: blocker.state === 'blocked',
    stay: () => blocker.reset?.(),
    leave: () => blocker.proceed?.(),
    release: () => {
      guarded.current = false;
    },
  };
}
