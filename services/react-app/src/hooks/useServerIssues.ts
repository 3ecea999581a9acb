/** The API's issues with the fields of a form that was just sent. */
import { useMemo } from 'react';

import { issuesFromErrors, type Issues } from '../lib/itemForm';
import { hasStatus } from '../services/errors';

/** The same object for the same error, so that a form can tell a new answer from an old one. */
export function useServerIssues(error: Error | null): Issues {
  return useMemo(
    () => (hasStatus(error, 422) ? issuesFromErrors(error.fieldErrors).issues : {}),
    [error],
  );
}
