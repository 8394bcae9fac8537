import { expect, it } from 'vitest';
import { readHotPayload } from './hot-payload.ts';

const update = (acceptedPath: string, more = {}) => ({
  type: 'js-update',
  path: acceptedPath,
  timestamp: 42,
  acceptedPath,
  ...more,
});

it('tells what pages are going to ask for because of an update', () => {
  const updates = [
    update('/src/App.tsx'),
    update('/src/App.tsx'),
    update('/src/part.vue?vue&type=template'),
    update('/src/data.json', { explicitImportRequired: true }),
    update('/src/style.css', { type: 'css-update' }),
  ];
  expect(readHotPayload(JSON.stringify({ type: 'update', updates }))).toEqual({
    type: 'update',
    timestamp: 42,
    wanted: ['/src/App.tsx?t=42', '/src/part.vue?t=42&vue&type=template', '/src/data.json?import&t=42'],
  });
});

it('takes a checkout for too many to be asked for ahead', () => {
  const updates = Array.from({ length: 300 }, (_each, index) => update(`/src/${index}.ts`));
  expect(readHotPayload(JSON.stringify({ type: 'update', updates })).wanted).toHaveLength(20);
});

it('makes do with any other message', () => {
  expect(readHotPayload('{"type":"full-reload","path":"*"}')).toEqual({
    type: 'full-reload',
    timestamp: null,
    wanted: [],
  });
  for (const other of ['', 'null', '{"type":1}', '{"type":"update","updates":"?"}', '{'])
    expect(readHotPayload(other)).toEqual({ type: '', timestamp: null, wanted: [] });
});
