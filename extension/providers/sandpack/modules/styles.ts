const sheets = new Map<string, HTMLStyleElement>();

/** Vite's contract for CSS modules of its own making: one <style> per file, changed in place. */
export function updateStyle(id: string, content: string): void {
  let style = sheets.get(id);
  if (style === undefined) {
    style = document.createElement('style');
    style.setAttribute('type', 'text/css');
    style.setAttribute('data-vite-dev-id', id);
    sheets.set(id, style);
    document.head.append(style);
  }
  style.textContent = content;
}

export function removeStyle(id: string): void {
  sheets.get(id)?.remove();
  sheets.delete(id);
}

/** Adds a query to a relative or root URL, as Vite's client does for imports it makes itself. */
export function injectQuery(url: string, query: string): string {
  if (!url.startsWith('.') && !url.startsWith('/')) return url;
  const [path = '', hash = ''] = url.split('#');
  return `${path}${path.includes('?') ? '&' : '?'}${query}${hash === '' ? '' : `#${hash}`}`;
}
