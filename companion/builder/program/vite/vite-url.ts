const BOOKKEEPING = /^(?:t=\d+|import)$/;

/** A module's URL without Vite's bookkeeping, so that a module has one. */
export function cleanUrl(url: string): string {
  const [path = '', ...rest] = url.split('?');
  const query = rest
    .join('?')
    .split('&')
    .filter((part) => part !== '' && !BOOKKEEPING.test(part))
    .join('&');
  return query === '' ? path : `${path}?${query}`;
}

/** What Vite's module graph calls the module of a URL: `/@id/` stands for ids that no URL can hold. */
export function nodeUrl(url: string): string {
  return url.startsWith('/@id/') ? url.slice('/@id/'.length).replace('__x00__', '\0') : url;
}

export function withoutBase(url: string, base: string): string {
  return base !== '/' && url.startsWith(base) ? url.slice(base.length - 1) : url;
}
