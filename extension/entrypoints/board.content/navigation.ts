/** How often the address is looked at where the browser does not tell of a navigation inside the page. */
const LOOK_EVERY_MS = 500;

/** Calls back now, after each navigation inside the page, and when the page comes back from the browser's cache. */
export function onNavigation(window: Window, signal: AbortSignal, onChange: () => void): void {
  let last = '';
  const look = () => {
    const { href } = window.location;
    if (href === last) return;
    last = href;
    onChange();
  };
  if ('navigation' in window) {
    // After the change: the `navigate` event comes before it, with the old address still in place.
    window.navigation.addEventListener('currententrychange', look, { signal });
  } else {
    const timer = setInterval(look, LOOK_EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
  window.addEventListener('pageshow', (event) => event.persisted && onChange(), { signal });
  look();
}
