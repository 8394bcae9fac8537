import { begin } from './request-table.ts';

/** Tells of what `fetch` asks other hosts. */
export function watchFetch(): void {
  globalThis.fetch = new Proxy(globalThis.fetch, {
    apply(target, self, values: Parameters<typeof fetch>) {
      const asked = Reflect.apply(target, self, values) as Promise<Response>;
      const [input, init] = values;
      const isRequest = input instanceof Request;
      const method = init?.method ?? (isRequest ? input.method : 'GET');
      const known = begin(isRequest ? input.url : String(input), { method: method.toUpperCase() });
      if (known === null) return asked;
      // Not beside it: a rejection that nobody handles stays one that nobody handles.
      return asked.then(
        (response) => {
          known.ends(whatIsKnown(response));
          return response;
        },
        (thrown: unknown) => {
          const isAborted = thrown instanceof DOMException && thrown.name === 'AbortError';
          const error = thrown instanceof Error ? thrown.message : 'It was given up.';
          known.ends(isAborted || hasGivenUp(input, init) ? { cancelled: true } : { error });
          throw thrown;
        },
      );
    },
  });
}

/** Whether its code aborted it, whatever the reason that it gave. */
function hasGivenUp(input: RequestInfo | URL, init: RequestInit | undefined): boolean {
  return init?.signal?.aborted ?? (input instanceof Request && input.signal.aborted);
}

function whatIsKnown({ status, headers }: Response) {
  const mimeType = headers.get('content-type')?.split(';', 1)[0];
  const bytes = Number(headers.get('content-length') ?? Number.NaN);
  return {
    // An opaque answer has none.
    ...(status >= 100 && { status }),
    ...(mimeType && { mimeType: mimeType.slice(0, 200) }),
    ...(bytes >= 0 && { bytes }),
  };
}
