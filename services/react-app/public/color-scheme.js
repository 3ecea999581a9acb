/*
 * Applies a colour scheme that the visitor chose, before the first paint, so that the page never
 * flashes in the other one. The key and the values are those of src/hooks/useColorScheme.ts.
 */
try {
  var scheme = localStorage.getItem('mlp.color-scheme');
  if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme;
} catch {
  // Storage is blocked: the scheme of the system applies.
}
