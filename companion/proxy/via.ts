import { randomBytes } from 'node:crypto';

/** A backend may ask itself once or twice through its preview origin; more often is a loop. */
const MAX_PASSES = 3;

/** Our name in Via (RFC 9110 §7.6.3), of this process: every hop through it counts, whichever preview it was for. */
export const VIA_TOKEN = `vitrine-${randomBytes(6).toString('hex')}`;

/** The Via header with our hop behind those before it. */
export const withVia = (via: string | undefined, httpVersion: string): string =>
  `${via === undefined ? '' : `${via}, `}${httpVersion} ${VIA_TOKEN}`;

/** Whether a request has come through us so often that it goes in circles. */
export function isLoop(via: string | undefined): boolean {
  return via !== undefined && via.split(VIA_TOKEN).length > MAX_PASSES;
}
