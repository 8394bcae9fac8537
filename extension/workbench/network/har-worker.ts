import '../without-eval.ts';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { NotHarError, readHar } from './har-requests.ts';
import type { HarWorkerMessage } from './har-worker-messages.ts';

/** A part is unpacked by the page in one piece: so many requests, or characters of bodies, at once. */
const PART_REQUESTS = 200;
const PART_CHARACTERS = 500_000;

const post = (message: HarWorkerMessage) => globalThis.postMessage(message);

addEventListener('message', ({ data: file }: MessageEvent<Blob>) => {
  tell(file).catch((thrown: unknown) =>
    post(thrown instanceof NotHarError ? { type: 'not-har' } : { type: 'failed', reason: String(thrown) }),
  );
});

async function tell(file: Blob): Promise<void> {
  let requests: NetworkRequestDetail[] = [];
  let characters = 0;
  let last = { done: 0, total: 0 };
  const flush = () => {
    post({ type: 'part', requests, ...last });
    requests = [];
    characters = 0;
  };
  readHar(await file.text(), (request, at) => {
    requests.push(request);
    last = at;
    const { text, base64 } = request.responseBody ?? {};
    characters += (text?.length ?? 0) + (base64?.length ?? 0) + (request.requestBody?.text?.length ?? 0);
    if (requests.length >= PART_REQUESTS || characters >= PART_CHARACTERS) flush();
  });
  flush();
  post({ type: 'end' });
}
