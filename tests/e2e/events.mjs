/**
 * A client of GET /v1/items/events that keeps all events. Node.js 20 has no EventSource.
 */
import { BASE_URL } from './support.mjs';

const EVENTS = `${BASE_URL}/api/v1/items/events`;

/**
 * An open stream. `events` has all received events: { id, event, data }; `comments` counts the
 * heartbeats. `ended` becomes true when the server ends the stream properly; a broken connection
 * rejects `done`.
 */
class OpenStream {
  events = [];
  comments = 0;
  ended = false;
  #controller = new AbortController();

  async open(url, lastEventId) {
    const reply = await fetch(url, {
      headers: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
      signal: this.#controller.signal,
    });
    if (reply.status !== 200) throw new Error(`GET ${url}: ${reply.status}`);
    this.done = this.#read(reply.body);
    this.done.catch(() => {}); // callers that need it await it
    return this;
  }

  get lastId() {
    return this.events.at(-1)?.id;
  }

  async #read(body) {
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        this.#take(text.slice(0, end));
      }
    }
    this.ended = true;
  }

  #take(block) {
    const lines = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/.exec(line).slice(1));
    const fields = Object.fromEntries(lines);
    if ('' in fields) this.comments += 1;
    if ('data' in fields) this.events.push({ ...fields, data: JSON.parse(fields.data) });
  }

  close() {
    this.#controller.abort();
  }
}

/** Opens the stream through the gateway, or at another address, and closes it when the test `t` ends. */
export async function openEvents(t, { lastEventId, url = EVENTS } = {}) {
  const stream = new OpenStream();
  t.after(() => stream.close());
  return stream.open(url, lastEventId);
}

/** "created 7" and the like for each event about an item of that category. */
export function told(events, category) {
  return events
    .filter(({ data }) => data.item?.category === category)
    .map(({ event, data }) => `${event} ${data.item.id}`);
}
