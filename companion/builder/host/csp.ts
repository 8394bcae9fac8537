/** Addresses of what a page made itself: nothing is fetched from anywhere, and what is made so is held to the page's policy. */
const MADE_IN_THE_PAGE = ['data:', 'blob:'];

/**
 * What a preview needs of a Content-Security-Policy to run at all, by directive: the bundler evaluates modules, its
 * transpilers are workers, hot updates put style sheets in place and come over a WebSocket of the same origin
 * (`'self'` covers it in current browsers; name the `ws:` origin besides for older ones). And what apps make themselves,
 * to import, fetch, frame or run: a dev server sends no policy that forbids it.
 */
export const SANDPACK_CSP: Record<string, string[]> = {
  'script-src': ["'self'", "'unsafe-eval'", ...MADE_IN_THE_PAGE],
  'style-src': ["'self'", "'unsafe-inline'", ...MADE_IN_THE_PAGE],
  'worker-src': ["'self'", ...MADE_IN_THE_PAGE],
  'connect-src': ["'self'", ...MADE_IN_THE_PAGE],
  'img-src': ["'self'", ...MADE_IN_THE_PAGE],
  'font-src': ["'self'", ...MADE_IN_THE_PAGE],
  'media-src': ["'self'", ...MADE_IN_THE_PAGE],
  'frame-src': ["'self'", ...MADE_IN_THE_PAGE],
  'object-src': ["'self'", ...MADE_IN_THE_PAGE],
  'manifest-src': ["'self'", ...MADE_IN_THE_PAGE],
};
