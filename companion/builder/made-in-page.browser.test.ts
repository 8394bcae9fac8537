import type { Page } from 'puppeteer';
import { expect, it } from 'vitest';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { startOtherHost } from './testing/other-host.ts';
import { Previews } from './testing/previews.ts';

const previews = Previews.inThisFile();

declare global {
  /** A `blob:` or `data:` address of a text. */
  var address: (kind: string, text: string, type: string) => string;
  var importing: (address: string) => Promise<{ default: unknown }>;
}

/** As text: the test runner would put something else in place of an import. */
const TOOLS = `
globalThis.address = (kind, text, type) =>
  kind === 'blob' ? URL.createObjectURL(new Blob([text], { type })) : 'data:' + type + ',' + encodeURIComponent(text);
globalThis.importing = (address) => import(address);
`;
const KINDS = ['blob', 'data'];

async function open(): Promise<Page> {
  const { preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.evaluate(TOOLS);
  return page;
}

it('lets an app use what it makes itself, as its own dev server does', async () => {
  const page = await open();
  for (const kind of KINDS)
    expect(await page.evaluate(useWhatIsMade, kind), kind).toEqual({
      fetched: 'fetched',
      imported: 5,
      script: 'loaded',
      style: 'loaded',
      worker: 'from a worker',
      framed: 'from a frame',
      object: 'loaded',
    });
});

it('what an app makes itself reaches other hosts no more than the app does', async () => {
  const other = await startOtherHost();
  previews.endWith(() => other.stop());
  const page = await open();
  for (const kind of KINDS)
    expect(await page.evaluate(reachOut, kind, other.host), kind).toEqual({
      module: 'blocked',
      worker: 'blocked',
      framed: 'blocked',
    });
});

async function useWhatIsMade(kind: string) {
  const script = 'text/javascript';
  const element = (name: string, values: object) => Object.assign(document.createElement(name), values);
  const loaded = (name: string, values: object) =>
    new Promise((resolve) => {
      const made = element(name, {
        ...values,
        onload: () => resolve('loaded'),
        onerror: () => resolve('error'),
      });
      document.body.append(made);
    });
  return {
    fetched: await fetch(address(kind, 'fetched', 'text/plain')).then((answer) => answer.text(), String),
    imported: await importing(address(kind, 'export default 5', script)).then(
      (module) => module.default,
      String,
    ),
    script: await loaded('script', { src: address(kind, '1', script) }),
    style: await loaded('link', { rel: 'stylesheet', href: address(kind, 'p{}', 'text/css') }),
    worker: await new Promise((resolve) => {
      const worker = new Worker(address(kind, 'postMessage("from a worker")', script));
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => resolve('error');
    }),
    framed: await new Promise((resolve) => {
      addEventListener('message', ({ data }) => data === 'from a frame' && resolve(data));
      const html = '<script>parent.postMessage("from a frame", "*")</script>';
      document.body.append(element('iframe', { src: address(kind, html, 'text/html') }));
      setTimeout(() => resolve('nothing'), 5_000);
    }),
    object: await loaded('object', {
      type: 'image/svg+xml',
      data: address(kind, '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'),
    }),
  };
}

async function reachOut(kind: string, host: string) {
  const script = 'text/javascript';
  const ask = `fetch("http://${host}/fetched").then(() => "reached", () => "blocked")`;
  return {
    module: await (await importing(address(kind, `export default await ${ask}`, script))).default,
    worker: await new Promise((resolve) => {
      const worker = new Worker(address(kind, `${ask}.then(postMessage)`, script));
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => resolve('error');
    }),
    framed: await new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data));
      const html = `<script>${ask}.then((answer) => parent.postMessage(answer, "*"))</script>`;
      const frame = Object.assign(document.createElement('iframe'), {
        src: address(kind, html, 'text/html'),
      });
      document.body.append(frame);
    }),
  };
}
