import type { IncomingMessage, ServerResponse } from 'node:http';
import { UNTAKEN_HEADER } from '#shared/frame/page.ts';
import { withoutBase } from './vite-url.ts';

/**
 * Says in the answer that Vite itself had nothing for the request: its page in place of a file that is not there, an
 * empty 404, or what it says about paths beside the base. An answer of a plugin is the project's, whatever it says.
 */
export function markUntaken(request: IncomingMessage, response: ServerResponse, base: string): void {
  const asked = pathOf(request.url);
  // Its forms differ in their parameters, which are passed on as they come.
  const writeHead = response.writeHead.bind(response) as unknown as (
    ...parameters: unknown[]
  ) => ServerResponse;
  const marking = (...parameters: unknown[]): ServerResponse => {
    // Vite's own 404 comes without any headers.
    const isTyped = response.hasHeader('content-type') || parameters.some((each) => typeof each === 'object');
    if (isUntaken(asked, request, Number(parameters[0]), isTyped, base))
      response.setHeader(UNTAKEN_HEADER, '1');
    return writeHead(...parameters);
  };
  Object.assign(response, { writeHead: marking });
}

function isUntaken(
  asked: string,
  request: IncomingMessage,
  status: number,
  isTyped: boolean,
  base: string,
): boolean {
  if (status === 404) return !isTyped || !`${asked}/`.startsWith(base);
  const local = withoutBase(asked, base);
  // Vite rewrites the address of what it gives the page for.
  return pathOf(request.url) === '/index.html' && local !== '/' && !/\.html?$/.test(local);
}

const pathOf = (url = '/'): string => url.split(/[?#]/, 1)[0] ?? url;
