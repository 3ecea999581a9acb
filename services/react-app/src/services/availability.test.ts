import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createAvailability } from './availability';

beforeEach(() => {
  vi.useFakeTimers();
  // In the middle of its range, the jitter leaves every pause as it is.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => vi.useRealTimers());

test('asks with pauses that double up to ten seconds, until the service is ready', async () => {
  const isReady = vi.fn(() => Promise.resolve(false));
  const availability = createAvailability(isReady);
  availability.reportDown();
  for (const [index, seconds] of [1, 2, 4, 8, 10, 10].entries()) {
    await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1);
    expect(isReady).toHaveBeenCalledTimes(index);
    await vi.advanceTimersByTimeAsync(1);
    expect(isReady).toHaveBeenCalledTimes(index + 1);
  }
  isReady.mockResolvedValue(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(availability.state()).toBe('up');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(isReady).toHaveBeenCalledTimes(7);
});

test('tells its subscribers of each change once, however many calls failed', async () => {
  const availability = createAvailability(() => Promise.resolve(true));
  const listener = vi.fn();
  const unsubscribe = availability.subscribe(listener);
  availability.reportDown();
  availability.reportDown();
  expect(listener).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(listener).toHaveBeenCalledTimes(2);
  unsubscribe();
  availability.reportDown();
  expect(listener).toHaveBeenCalledTimes(2);
});

test('nothing is asked while all is well', async () => {
  const isReady = vi.fn(() => Promise.resolve(true));
  createAvailability(isReady).probeNow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(isReady).not.toHaveBeenCalled();
});

test('probing on request does not wait for the end of the pause', async () => {
  const availability = createAvailability(() => Promise.resolve(true));
  availability.reportDown();
  availability.probeNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(availability.state()).toBe('up');
});
