/**
 * Whether the API can be reached, as one small observable value.
 *
 * A failed call reports the outage. Then a probe checks with growing pauses until the API is ready
 * again, and notifies the subscribers. The app's own calls are thus never retried blindly.
 */
import { config } from '../config';

export type AvailabilityState = 'up' | 'down';

export interface Availability {
  readonly state: () => AvailabilityState;
  /** Calls back after every change; returns the function that ends the subscription. */
  readonly subscribe: (listener: () => void) => () => void;
  /** A call got no answer. Repeated reports of one outage count once. */
  readonly reportDown: () => void;
  /** Probes now and not at the end of the current pause; does nothing while the API is available. */
  readonly probeNow: () => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
const PROBE_TIMEOUT_MS = 4_000;

/** True when the API says that it can serve, its database included. */
async function apiIsReady(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    return (await fetch(`${config.apiUrl}/ready`, { signal, cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** The n-th pause: doubled each time, and spread so that many browsers do not knock in step. */
function pause(attempt: number): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  return full * (0.8 + 0.4 * Math.random());
}

export function createAvailability(isReady: () => Promise<boolean> = apiIsReady): Availability {
  const listeners = new Set<() => void>();
  let state: AvailabilityState = 'up';
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let probing = false;

  function become(next: AvailabilityState) {
    state = next;
    for (const listener of listeners) listener();
  }

  async function probe() {
    clearTimeout(timer);
    if (probing || state === 'up') return;
    probing = true;
    const ready = await isReady();
    probing = false;
    if (ready) {
      become('up');
    } else {
      attempt += 1;
      timer = setTimeout(() => void probe(), pause(attempt));
    }
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reportDown() {
      if (state === 'down') return;
      attempt = 0;
      become('down');
      timer = setTimeout(() => void probe(), pause(attempt));
    },
    probeNow: () => void probe(),
  };
}
