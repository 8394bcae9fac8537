/**
 * What a preview needs of a Content-Security-Policy to run at all, by directive: the bundler evaluates modules, its
 * transpilers are workers, hot updates put style sheets in place and come over a WebSocket of the same origin
 * (`'self'` covers it in current browsers; name the `ws:` origin besides for older ones).
 */
export const SANDPACK_CSP: Record<string, string[]> = {
  'script-src': ["'self'", "'unsafe-eval'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'worker-src': ["'self'", 'blob:'],
  'connect-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  'media-src': ["'self'", 'data:', 'blob:'],
};
