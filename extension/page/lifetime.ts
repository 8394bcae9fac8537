/** Aborted when the page is left for good; a page kept for going back stays alive. */
export function pageLifetime(): AbortSignal {
  const lifetime = new AbortController();
  addEventListener('pagehide', (event) => {
    if (!event.persisted) lifetime.abort();
  });
  return lifetime.signal;
}
