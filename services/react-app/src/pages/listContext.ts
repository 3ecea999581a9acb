/** The data that the list passes to the sheets over it. */
import { useOutletContext } from 'react-router';

export interface ListContext {
  /** The categories that the loaded items have, to be offered in forms. */
  readonly categories: readonly string[];
}

export function useListContext(): ListContext {
  return useOutletContext<ListContext>();
}
