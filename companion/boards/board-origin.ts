import { VitrineError } from '#shared/errors.ts';

/**
 * The origin of a board's address. Only http and https, and only this machine or what the person added: an address comes
 * from a page, and the companion must not be made to call whatever a page names.
 */
export function boardOrigin(address: string, added: readonly string[]): string {
  const url = URL.parse(address);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password) {
    throw new VitrineError({
      code: 'BOARD_ADDRESS_INVALID',
      message: `"${address.slice(0, 200)}" is not the address of a board.`,
      remedy: 'Give the address that the browser shows for the board, for instance http://localhost:3000.',
      status: 400,
    });
  }
  if (!isLoopback(url.hostname) && !added.includes(url.origin)) {
    throw new VitrineError({
      code: 'BOARD_NOT_ADDED',
      message: `The board ${url.origin} is not on this machine, and nobody added it.`,
      remedy: 'Add the board in the workbench first, if you trust it.',
      status: 403,
    });
  }
  return url.origin;
}

/** Names and addresses that never leave this machine (RFC 6761, RFC 5735, RFC 4291), as `URL.hostname` writes them. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
