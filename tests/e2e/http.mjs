/**
 * Sends malformed requests, and checks the form of every error answer.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';

/** Sends a text as JSON, valid or not. */
export function sendJson(method, url, body, headers = {}) {
  return fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(30_000),
  });
}

/** Sends bytes on a separate connection, and returns the whole answer. */
export function sendRaw(url, bytes) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 s')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(parseReply(Buffer.concat(chunks).toString())));
  });
}

function parseReply(text) {
  const [head, body = ''] = text.split('\r\n\r\n', 2);
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  return new Response(body || null, { status: Number(statusLine.split(' ')[1]), headers });
}

/** Checks an error answer against RFC 9457 and the API's own promises, and returns the document. */
export async function assertProblem(reply, status) {
  const text = await reply.text();
  assert.equal(reply.status, status, text);
  assert.equal(reply.headers.get('content-type'), 'application/problem+json');
  const problem = JSON.parse(text);
  assert.equal(problem.type, 'about:blank');
  assert.equal(problem.status, status);
  for (const member of ['title', 'detail']) {
    assert.ok(problem[member]?.length > 0, `${member} is missing: ${text}`);
  }
  assert.equal(typeof problem.instance, 'string');
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/);
  assert.equal('errors' in problem, status === 422, text);
  return problem;
}

/** A 422 whose `errors` are exactly these, given as "in pointer code". */
export async function assertInvalid(reply, ...expected) {
  const { errors } = await assertProblem(reply, 422);
  const found = errors.map((error) => `${error.in} ${error.pointer} ${error.code}`);
  assert.deepEqual(found.sort(), [...expected].sort());
  for (const { message } of errors) assert.ok(message.length > 0);
}
