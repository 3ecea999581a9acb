/**
 * How server state is fetched and kept, and what an outage means for it: the first failed call
 * reports it, and when the API is back everything that is on the screen is fetched again.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import type { Availability } from '../services/availability';
import { UnavailableError } from '../services/errors';

export function createQueryClient(availability: Availability): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof UnavailableError) availability.reportDown();
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // The API may run on this very machine, which the browser's notion of "online" ignores.
        networkMode: 'always',
        // Once, at once, for a connection that was just closed. A longer outage is the
        // availability's business, and a problem document does not change by asking again.
        retry: (failures, error) => error instanceof UnavailableError && failures < 1,
        retryDelay: 250,
      },
      // A write is never retried automatically, because the first one may have arrived.
      mutations: { networkMode: 'always', retry: false },
    },
  });
  availability.subscribe(() => {
    if (availability.state() === 'up') void queryClient.invalidateQueries();
  });
  return queryClient;
}
