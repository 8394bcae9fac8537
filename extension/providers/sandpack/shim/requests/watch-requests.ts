import { watchFetch } from './watch-fetch.ts';
import { watchPolicy } from './watch-policy.ts';
import { watchResources } from './watch-resources.ts';
import { watchStreams } from './watch-streams.ts';
import { watchXhr } from './watch-xhr.ts';

/** Tells of what the page asks other hosts, which its own origin never sees. */
export function watchRequests(): void {
  all([watchPolicy, watchFetch, watchXhr, watchStreams, watchResources]);
}

/** The same in a worker, which has no elements that ask for anything. */
export function watchWorkerRequests(): void {
  all([watchPolicy, watchFetch, watchXhr, watchStreams]);
}

function all(watchers: (() => void)[]): void {
  for (const watch of watchers) {
    try {
      watch();
    } catch {
      // A browser without one of them has a page all the same.
    }
  }
}
