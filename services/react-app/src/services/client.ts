/**
 * The HTTP client: typed by the API's OpenAPI document, with a time limit on every request and
 * every failure turned into one of the classes of errors.ts.
 */
import createClient from 'openapi-fetch';

import { config } from '../config';
import type { paths } from '../types/api';
import { errorFrom, UnavailableError, UnexpectedError } from './errors';

/** Longer than the API lets a request take, so that its own answer normally comes first. */
const TIMEOUT_MS = 15_000;

/** `fetch` that fails with an UnavailableError if there is no answer, and obeys the caller's signal. */
async function fetchWithin(request: Request): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, timeout]) });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new UnavailableError('The service did not answer', { cause });
  }
}

export const client = createClient<paths>({
  // `Request` wants an absolute address outside a browser's page, which is where tests run.
  baseUrl: new URL(config.apiUrl, window.location.origin).href.replace(/\/$/, ''),
  fetch: fetchWithin,
});

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** The body and the response of a successful call; throws an error of errors.ts otherwise. */
export async function unwrap<T>(
  call: Promise<Answer<T>>,
): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    // A body that is not JSON although the status says success, such as a proxy's HTML page.
    if (error instanceof SyntaxError) throw new UnexpectedError(error.message, { cause: error });
    throw error;
  }
  const { data, error, response } = answer;
  if (!response.ok) throw errorFrom(response, error);
  return { data: data as T, response };
}
