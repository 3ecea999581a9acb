/*
 * What the page does in the browser by itself: the language of the document, and noticing that
 * the server is away (Dash itself says so only in the console).
 */
(function () {
  // A clientside callback: the title and the language of the document belong to no component.
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    page: {
      apply_language(texts) {
        if (!texts) return window.dash_clientside.no_update;
        document.title = texts.title;
        document.documentElement.lang = texts.language;
        return texts.language;
      },
    },
  });

  const CHECK_MILLISECONDS = 3000;
  const prefix = JSON.parse(
    document.getElementById('_dash-config').textContent,
  ).requests_pathname_prefix;

  async function answers() {
    try {
      const reply = await fetch(prefix + '_reload-hash', {
        cache: 'no-store',
        signal: AbortSignal.timeout(CHECK_MILLISECONDS),
      });
      return reply.ok;
    } catch {
      return false;
    }
  }

  async function check() {
    if (!document.hidden) {
      const connected = await answers();
      const notice = document.getElementById('disconnected');
      if (notice) notice.hidden = connected;
    }
    setTimeout(check, CHECK_MILLISECONDS);
  }
  setTimeout(check, CHECK_MILLISECONDS);
})();
