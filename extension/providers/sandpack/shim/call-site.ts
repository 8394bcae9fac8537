import { MAX_PLACE, OWN_PATH } from '#shared/frame/page.ts';

/**
 * `at f (http://host/src/a.tsx:1:2)` of V8, `f@http://host/src/a.tsx:1:2` of the others; a bundler may have given a module
 * that it evaluates a name of its own.
 */
const PLACE = /(https?:\/\/[^\s()]+:\d+:\d+|webpack-internal:\/\/\S+?:\d+:\d+)\)?$/gm;

/** Where the app's code is that called us, as the browser names it; undefined where it does not tell. */
export function callSite(stack: unknown = new Error().stack): string | undefined {
  // The app may have made of stacks what it likes.
  if (typeof stack !== 'string') return undefined;
  for (const [, place = ''] of stack.matchAll(PLACE))
    if (!place.includes(OWN_PATH)) return place.length <= MAX_PLACE ? place : undefined;
  return undefined;
}

/** How the app came to call us, without what is ours. */
export function stackOfCaller(stack: unknown = new Error().stack): string | undefined {
  if (typeof stack !== 'string') return undefined;
  const lines = stack.split('\n').filter((line) => line !== 'Error' && !line.includes(OWN_PATH));
  return lines.join('\n');
}
