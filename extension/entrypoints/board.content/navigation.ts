import type { ContentScriptContext } from 'wxt/utils/content-script-context';

/** Calls back now, after each navigation inside the page, and when the page comes back from the browser's cache. */
export function onNavigation(window: Window, context: ContentScriptContext, onChange: () => void): void {
  let last = '';
  const look = (force: boolean) => {
    const { href } = window.location;
    if (href === last && !force) return;
    last = href;
    onChange();
  };
  context.addEventListener(window, 'wxt:locationchange', () => look(false));
  window.addEventListener('pageshow', (event) => event.persisted && look(true), { signal: context.signal });
  look(true);
}
