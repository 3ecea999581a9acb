/**
 * A form's content that survives a reload of the page (the development server reloads it after a
 * restart). It is kept for this tab only, and until it is saved or discarded.
 */
import { useState } from 'react';

import { drafts } from '../lib/storage';

interface StoredDraft<T> {
  readonly value: T;
  readonly setValue: (value: T) => void;
  /** True when the value is what an earlier visit of the page left. */
  readonly restored: boolean;
  /** Forgets what is kept, and leaves `value` as it is. */
  readonly forget: () => void;
}

interface Options<T> {
  readonly key: string;
  readonly initial: T;
  /** Guards against what an older version of the app, or somebody else, left there. */
  readonly isValid: (value: unknown) => value is T;
  /** False for a value in which nothing would be lost. */
  readonly isWorthKeeping: (value: T) => boolean;
}

export function useStoredDraft<T>(options: Options<T>): StoredDraft<T> {
  const { key, initial, isValid, isWorthKeeping } = options;
  const [found] = useState(() => {
    try {
      const value: unknown = JSON.parse(drafts.read(key) ?? 'null');
      return isValid(value) ? value : undefined;
    } catch {
      return undefined;
    }
  });
  const [value, setValue] = useState(found ?? initial);
  const [restored, setRestored] = useState(found !== undefined);

  return {
    value,
    setValue(next) {
      setValue(next);
      if (isWorthKeeping(next)) drafts.write(key, JSON.stringify(next));
      else drafts.remove(key);
    },
    restored,
    forget() {
      drafts.remove(key);
      setRestored(false);
    },
  };
}
