import { MAX_LINKS } from '#shared/frame/page.ts';
import { mergeRoutes } from '#shared/realtime/routes.ts';

/** When links are looked for after a change of the route, ms: a view comes when it comes. */
const LOOKS_AFTER_MS = [300, 1_000, 4_000];
/** Links looked at. */
const MAX_LOOKED_AT = 500;

/** Tells where the page's links lead within the app, after each change of the route. */
export function linkWatch(tell: (routes: string[]) => void): () => void {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let told = '';
  const look = () => {
    const routes = linkedRoutes();
    if (routes.join('\n') === told || routes.length === 0) return;
    told = routes.join('\n');
    tell(routes);
  };
  return () => {
    for (const timer of timers.splice(0)) clearTimeout(timer);
    timers.push(...LOOKS_AFTER_MS.map((pause) => setTimeout(look, pause)));
  };
}

function linkedRoutes(): string[] {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].slice(0, MAX_LOOKED_AT);
  const routes = links.flatMap(({ origin, pathname, hash, target, download }) => {
    const isOwn = origin === location.origin && target !== '_blank' && download === '';
    return isOwn ? [pathname + hash] : [];
  });
  return mergeRoutes(routes, []).slice(0, MAX_LINKS);
}
