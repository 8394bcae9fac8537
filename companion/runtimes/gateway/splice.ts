import type { Duplex } from 'node:stream';

/**
 * Joins two sockets opened with `allowHalfOpen`: bytes, backpressure and each side's end pass through on their
 * own; when one side breaks, the other is destroyed. Calls `onClosed` once both are closed.
 */
export function splice(left: Duplex, right: Duplex, onClosed: () => void = () => {}): void {
  let open = 2;
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.pipe(to);
    // Errors need no report of their own: the close that follows tells the other side.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      // Closed without having said goodbye: whatever the other side still waits for will not come.
      if (!from.readableEnded || !from.writableFinished) to.destroy();
      open -= 1;
      if (open === 0) onClosed();
    });
  }
}
