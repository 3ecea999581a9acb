/**
 * The colour scheme: the system's, or one that the visitor chose. The choice is an attribute of
 * <html> on which styles.css acts; public/color-scheme.js sets it again before the next first paint.
 */
import { useEffect, useState } from 'react';

import { settings } from '../lib/storage';

export const colorSchemes = ['system', 'light', 'dark'] as const;
export type ColorScheme = (typeof colorSchemes)[number];

const KEY = 'mlp.color-scheme';

function stored(): ColorScheme {
  const text = settings.read(KEY);
  return colorSchemes.find((scheme) => scheme === text) ?? 'system';
}

export function useColorScheme(): [ColorScheme, (scheme: ColorScheme) => void] {
  const [scheme, setScheme] = useState(stored);

  useEffect(() => {
    const { dataset } = document.documentElement;
    if (scheme === 'system') {
      delete dataset['scheme'];
      settings.remove(KEY);
    } else {
      dataset['scheme'] = scheme;
      settings.write(KEY, scheme);
    }
  }, [scheme]);

  return [scheme, setScheme];
}
