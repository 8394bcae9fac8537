import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { init, parse } from 'es-module-lexer';
import { FRAME_PATH } from '#shared/frame/page.ts';
import { frameVersion } from './versions.ts';

/** A larger script of a worker stays as it is, bytes. */
const MAX_WORKER_BYTES = 16 * 1024 * 1024;

const WORKERS = new Set(['worker', 'sharedworker', 'serviceworker']);
const STRICT = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:"use strict"|'use strict')/;

/** Whether a browser asks for the script that a worker runs, and not for one that it imports. */
export const isWorkerRequest = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  WORKERS.has(String(headers['sec-fetch-dest'])) &&
  headers['sec-fetch-mode'] === 'same-origin';

export const isJavaScriptType = (type: unknown): boolean => /javascript|ecmascript/i.test(String(type));

/** The script that a server answers, watched; null for a larger one, which the answer then still has in whole. */
export async function watchedAnswer(answer: Readable, maxBytes = MAX_WORKER_BYTES): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size <= maxBytes) continue;
    answer.unshift(Buffer.concat(chunks));
    return null;
  }
  return watchedWorker(Buffer.concat(chunks));
}

/** The script, with what tells of the worker's console and requests loaded first. Its lines stay where they are. */
export async function watchedWorker(script: Buffer): Promise<Buffer> {
  const text = script.toString('utf8');
  return Buffer.concat([Buffer.from((await importsModules(text)) ? byImport() : byItself(text)), script]);
}

const address = (): string => JSON.stringify(`${FRAME_PATH}worker.js?v=${frameVersion()}`);

const byImport = (): string => `import ${address()};`;

/** For a classic script, and for a module that imports nothing, which cannot be told from one. */
function byItself(text: string): string {
  const strict = STRICT.test(text.slice(0, 10_000)) ? '"use strict";' : '';
  return `${strict}try{importScripts(${address()})}catch{import(${address()}).catch(()=>{})}`;
}

async function importsModules(text: string): Promise<boolean> {
  await init;
  try {
    return parse(text)[0].some(({ d }) => d === -1);
  } catch {
    return false; // the browser says what is wrong with it
  }
}
