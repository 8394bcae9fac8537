import { reportLine } from './capture-console.ts';
import { describe } from './describe.ts';

/** Reports what nobody caught. */
export function captureErrors(): void {
  addEventListener('error', (event) => {
    // Elements that fail to load send plain events.
    if (!(event instanceof ErrorEvent)) return;
    const place = event.filename ? ` (${event.filename}:${event.lineno}:${event.colno})` : '';
    const text = `Uncaught ${nameOf(event.error, event.message)}${place}`;
    reportLine('error', { text }, stackOf(event.error));
  });
  addEventListener('unhandledrejection', (event) => {
    const { text, values } = describe([event.reason]);
    reportLine(
      'error',
      { text: `Unhandled rejection: ${text}`, ...(values && { values }) },
      stackOf(event.reason),
    );
  });
}

function nameOf(error: unknown, otherwise: string): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : otherwise.replace(/^Uncaught /, '');
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
