/**
 * What can go wrong when the API is called, as three classes that the user interface treats apart:
 *
 *   UnavailableError  no answer, or only the gateway's: temporary, worth a retry
 *   ProblemError      the API answered with problem+json (RFC 9457): a decision, not an accident
 *   UnexpectedError   an answer that breaks the contract: a bug, or a proxy that is not ours
 */
import type { components } from '../types/api';

export type Problem = components['schemas']['Problem'];
export type FieldError = components['schemas']['FieldError'];

/** It is unknown whether the request was carried out: the answer may have been lost on its way. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.title}`);
  }

  get fieldErrors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }
}

export class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
}

/** The statuses with which a gateway, or the API without its database, says "not now". */
const UNAVAILABLE = new Set([502, 503, 504]);

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

/** The error for an answer whose status is not a success. */
export function errorFrom(response: Response, body: unknown): Error {
  if (UNAVAILABLE.has(response.status)) return new UnavailableError(`HTTP ${response.status}`);
  if (isProblem(body)) return new ProblemError(response.status, body);
  return new UnexpectedError(`HTTP ${response.status} without a problem document`);
}

export function hasStatus(error: unknown, status: number): error is ProblemError {
  return error instanceof ProblemError && error.status === status;
}
