/** The app's configuration: read from the build's environment once, checked, then only values. */

/** Throws when the text is neither an absolute http(s) URL nor a path that starts with one slash. */
function parseApiUrl(text: string): string {
  const isPath = /^\/(?!\/)/.test(text);
  const isUrl = /^https?:\/\//.test(text) && URL.canParse(text);
  if (!isPath && !isUrl) {
    throw new Error(`VITE_API_URL must be a path such as /api or an http(s) URL, not "${text}"`);
  }
  return text.replace(/\/+$/, '');
}

export const config = {
  /** Where the API is, without a slash at its end. The default goes through the gateway. */
  apiUrl: parseApiUrl(import.meta.env.VITE_API_URL ?? '/api'),
  /** Traefik's dashboard, on another port of the gateway's host. */
  traefikUrl:
    import.meta.env.VITE_TRAEFIK_URL ?? `http://${window.location.hostname}:8080/dashboard/`,
} as const;
