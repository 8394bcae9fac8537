import type { NetworkRequest, NetworkRequestDetail } from '#shared/api/network.ts';

const START = 1_760_000_000_000;

/** A small picture, 96 by 64. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAGAAAABACAIAAABqVuVZAAAAh0lEQVR42u3aMQ0AIAwEwBrBBRtO0IkwJFRDR8olP3/SGz+Ne3YpY81SXu8PQIAAAQIECBAgQIAAAQIECBCgZkC/HVztBwQIECBAgAABAgQIECBAgAAB6gZkMLMoAgIECBAgQIAAAQIECBAgQID8BxnMLIqAAAECBAgQIECAAAECBAgQoLZACb6becPZvapxAAAAAElFTkSuQmCC';

export function makeRequest(change: Partial<NetworkRequest> = {}): NetworkRequest {
  return {
    id: 1,
    startedAt: START,
    method: 'GET',
    url: '/api/products',
    status: 200,
    durationMs: 12,
    requestBytes: 0,
    responseBytes: 1_834,
    initiator: 'browser',
    kind: 'http',
    mimeType: 'application/json',
    ...change,
  };
}

/** What is kept of a request beside its line in the list. */
export function makeDetail(request: NetworkRequest): NetworkRequestDetail {
  const body =
    request.mimeType === 'application/json'
      ? JSON.stringify({
          products: [
            { id: 1, name: 'Coffee beans, 250 g', price: 890, tags: ['new', 'fair'] },
            { id: 2, name: '<img src=x onerror=alert(1)>', price: 450, tags: [] },
          ],
          total: 2,
          next: null,
        })
      : 'export const answer = 42;\n';
  return {
    ...request,
    httpVersion: '1.1',
    statusText: request.status === 200 ? 'OK' : 'Not Found',
    requestHeaders: [
      ['accept', 'application/json'],
      ['user-agent', 'Mozilla/5.0'],
    ],
    responseHeaders: [
      ['content-type', request.mimeType ?? 'text/plain'],
      ['set-cookie', '***'],
      ['x-hostile', '</script>\u202egnp.exe'],
    ],
    timings: { blocked: 1, connect: 0.4, send: 0.2, wait: 8, receive: 2.4 },
    requestBody:
      request.method === 'POST'
        ? { mimeType: 'application/json', text: '{"quantity":2}', isCut: false }
        : undefined,
    responseBody: request.blocked
      ? undefined
      : request.mimeType === 'image/png'
        ? { mimeType: 'image/png', text: null, isCut: false, base64: PICTURE }
        : { mimeType: request.mimeType, text: body, isCut: false },
    frames:
      request.kind === 'websocket'
        ? [
            { at: START + 40, direction: 'sent', opcode: 1, bytes: 16, text: '{"type":"hello"}' },
            {
              at: START + 52,
              direction: 'received',
              opcode: 1,
              bytes: 27,
              text: '{"type":"welcome","id":7}',
            },
            { at: START + 900, direction: 'received', opcode: 2, bytes: 4_096 },
          ]
        : undefined,
  };
}

/** What loading a small shop asks for: a page, its parts, calls that fail, and what its backend tries to reach. */
export function sampleRequests(): NetworkRequest[] {
  const rows: Partial<NetworkRequest>[] = [
    { url: '/', mimeType: 'text/html', durationMs: 34, responseBytes: 2_210 },
    { url: '/src/main.tsx', mimeType: 'text/javascript', durationMs: 18, responseBytes: 4_810 },
    { url: '/src/style.css', mimeType: 'text/css', durationMs: 9, responseBytes: 8_312 },
    { url: '/logo.svg', mimeType: 'image/svg+xml', durationMs: 6, responseBytes: 912 },
    { url: '/live', kind: 'websocket', status: 101, durationMs: undefined, mimeType: undefined },
    { url: '/api/products?sort=price&page=1', service: 'backend', durationMs: 48 },
    { url: '/api/cart', method: 'POST', status: 201, service: 'backend', durationMs: 21, requestBytes: 14 },
    { url: '/api/offers', status: 404, service: 'backend', durationMs: 7, responseBytes: 61 },
    { url: '/api/orders', method: 'POST', status: 500, service: 'backend', durationMs: 130 },
    {
      url: 'payments.example.com:443',
      kind: 'tunnel',
      method: 'CONNECT',
      initiator: 'backend',
      service: 'backend',
      status: 403,
      blocked: true,
      durationMs: 2,
      mimeType: undefined,
      responseBytes: 0,
    },
    {
      url: 'http://rates.example.org/latest?base=EUR',
      initiator: 'backend',
      service: 'backend',
      error: 'The host does not answer.',
      status: undefined,
      durationMs: 3_012,
      mimeType: undefined,
      responseBytes: 0,
    },
    {
      url: `/api/<img src=x onerror=alert(1)>/\u202egnp.exe?q=${'x'.repeat(600)}`,
      status: 400,
      durationMs: 4,
    },
    {
      url: '/api/products/1/photo',
      mimeType: 'image/png',
      service: 'backend',
      durationMs: 9,
      responseBytes: 2_040,
    },
    {
      url: '/api/events',
      mimeType: 'text/event-stream',
      service: 'backend',
      durationMs: 41_000,
      responseBytes: 310,
      cancelled: true,
    },
    { url: '/api/search?q=bea', status: undefined, mimeType: undefined, durationMs: 90, cancelled: true },
  ];
  return rows.map((row, index) => makeRequest({ id: index + 1, startedAt: START + index * 37, ...row }));
}
