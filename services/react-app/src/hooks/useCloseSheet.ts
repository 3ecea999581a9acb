/** Goes back from a form's address to the list behind it, with the list's filters as they were. */
import { useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router';

export function useCloseSheet(): () => void {
  const navigate = useNavigate();
  const { search } = useLocation();
  return useCallback(() => {
    void navigate({ pathname: '/', search }, { preventScrollReset: true });
  }, [navigate, search]);
}
