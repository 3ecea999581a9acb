/** Gives components the state of the API's availability, and a way to retry immediately. */
import { createContext, use, useSyncExternalStore } from 'react';

import type { Availability, AvailabilityState } from '../services/availability';

export const AvailabilityContext = createContext<Availability | undefined>(undefined);

export function useAvailability(): { state: AvailabilityState; probeNow: () => void } {
  const availability = use(AvailabilityContext);
  if (availability === undefined) throw new Error('useAvailability needs an AvailabilityContext');
  const state = useSyncExternalStore(availability.subscribe, availability.state);
  return { state, probeNow: availability.probeNow };
}
