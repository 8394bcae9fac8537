/** Query parameters Vite adds for caching and bookkeeping; the module is the same without them. */
const BOOKKEEPING = /^(?:t|v|import)(?:=|$)/;
const SCRIPT_EXTENSION = /\.[cm]?[jt]sx?$/;
const UNSAFE = /[^\w./@~-]/g;

/**
 * The path a module has in the bundler, made from the URL it has in Vite: `/src/App.vue?vue&type=style&lang.css`
 * becomes `/src/App.vue@vue_26type_3dstyle_26lang.css.js`. Pure, so that the builder (which names the modules) and
 * the page (which requires them) agree. Always ends in a script extension: the bundler hot-updates nothing else.
 */
export function modulePath(url: string): string {
  const [pathname = '', ...rest] = url.split('?');
  const query = rest
    .join('?')
    .split('&')
    .filter((part) => part !== '' && !BOOKKEEPING.test(part))
    .join('&');
  // The bundler treats /node_modules as its own: never removed, never reloaded.
  const path = pathname.replaceAll('/node_modules/', '/~modules/');
  const safe = `${path}${query === '' ? '' : `@${query}`}`.replace(
    UNSAFE,
    (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`,
  );
  return SCRIPT_EXTENSION.test(safe) ? safe : `${safe}.js`;
}
