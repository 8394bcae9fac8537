import { begin, type KnownRequest } from './request-table.ts';

/** Tells of what `XMLHttpRequest` asks other hosts. */
export function watchXhr(): void {
  const { prototype } = XMLHttpRequest;
  const asked = new WeakMap<XMLHttpRequest, { method: string; url: string | URL }>();
  prototype.open = new Proxy(prototype.open, {
    apply(target, self: XMLHttpRequest, values: [string, string | URL]) {
      const [method, url] = values;
      asked.set(self, { method: String(method).toUpperCase(), url });
      return Reflect.apply(target, self, values);
    },
  });
  prototype.send = new Proxy(prototype.send, {
    apply(target, self: XMLHttpRequest, values: unknown[]) {
      const what = asked.get(self);
      const known = what ? begin(what.url, { method: what.method }) : null;
      if (known) follow(self, known);
      return Reflect.apply(target, self, values);
    },
  });
}

const FAILURES = {
  error: 'The host did not answer.',
  timeout: 'It took too long.',
};

function follow(asked: XMLHttpRequest, known: KnownRequest): void {
  let error: string | undefined;
  let isAborted = false;
  asked.addEventListener('abort', () => (isAborted = true), { once: true });
  for (const [name, text] of Object.entries(FAILURES))
    asked.addEventListener(
      name,
      () => {
        error = text;
      },
      { once: true },
    );
  asked.addEventListener(
    'loadend',
    () => {
      const { status } = asked;
      const mimeType = status > 0 ? asked.getResponseHeader('content-type')?.split(';', 1)[0] : null;
      known.ends({
        ...(status >= 100 && { status }),
        ...(mimeType && { mimeType: mimeType.slice(0, 200) }),
        ...(error && { error }),
        ...(isAborted && { cancelled: true }),
      });
    },
    { once: true },
  );
}
