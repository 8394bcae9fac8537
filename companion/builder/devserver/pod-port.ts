import type { IncomingMessage } from 'node:http';
import { POD_PORT_PATH } from '#shared/frame/page.ts';

/** A port of the pod, and what is asked for there. */
export interface PodPort {
  port: number;
  path: string;
}

const ADDRESS = new RegExp(`^${POD_PORT_PATH}(\\d{4,5})(/.*)?$`);

/** Which other port of the pod a page's socket or request is for; null for the server's own. */
export function podPortOf({ url = '/' }: Pick<IncomingMessage, 'url'>): PodPort | null {
  const [, digits, path = '/'] = ADDRESS.exec(url) ?? [];
  const port = Number(digits);
  return digits !== undefined && port <= 65_535 ? { port, path } : null;
}
