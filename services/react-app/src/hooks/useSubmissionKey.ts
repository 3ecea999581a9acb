/**
 * The Idempotency-Key of a form: one for each submission. A visitor who sends the same form again,
 * because no answer came, sends the same key, and the API executes it once. A changed form is
 * another submission. It survives a reload of the page, as the draft does that it belongs to.
 */
import { useRef } from 'react';

import { drafts } from '../lib/storage';

interface Submission {
  readonly key: string;
  /** The submission of the key, as JSON. */
  readonly content: string;
}

function isSubmission(value: unknown): value is Submission {
  if (typeof value !== 'object' || value === null) return false;
  const { key, content } = value as Partial<Record<keyof Submission, unknown>>;
  return typeof key === 'string' && typeof content === 'string';
}

function readSubmission(name: string): Submission | undefined {
  try {
    const value: unknown = JSON.parse(drafts.read(name) ?? 'null');
    return isSubmission(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Not `crypto.randomUUID`, which browsers have on localhost and over HTTPS only. */
function randomKey(): string {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `name` is where the browser's storage keeps it. */
export function useSubmissionKey(name: string) {
  const last = useRef<Submission>(undefined);
  return {
    keyFor(body: unknown): string {
      const content = JSON.stringify(body);
      last.current ??= readSubmission(name);
      if (last.current?.content !== content) {
        last.current = { key: randomKey(), content };
        drafts.write(name, JSON.stringify(last.current));
      }
      return last.current.key;
    },
    /** Its outcome is known, or of no interest any more: the same content is a new submission. */
    forget(): void {
      last.current = undefined;
      drafts.remove(name);
    },
  };
}
