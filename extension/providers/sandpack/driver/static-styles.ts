/** Loads the style sheets of a page without a bundler again, each in place of itself. */
export function reloadStyles(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"]')) {
    const url = new URL(link.href);
    if (url.origin !== location.origin) continue;
    url.searchParams.set('t', String(Date.now()));
    const fresh = link.cloneNode() as HTMLLinkElement;
    fresh.href = url.href;
    fresh.addEventListener('load', () => link.remove());
    link.after(fresh);
  }
}
