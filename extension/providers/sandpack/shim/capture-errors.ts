import { reportLine } from './capture-console.ts';
import { describe } from './describe.ts';
import { notLoaded } from './not-loaded.ts';
import { isRefusedRequest } from './requests/watch-policy.ts';
import { isToldByWorker, watchWorkerErrors } from './worker-errors.ts';

/** Reports what nobody caught, and what the content policy did not let load: the browser alone says that otherwise. */
export function captureErrors(): void {
  watchWorkerErrors();
  addEventListener('error', (event) => {
    // Elements that fail to load send plain events.
    if (!(event instanceof ErrorEvent) || isToldByWorker(event)) return;
    const place = `${event.filename}:${event.lineno}:${event.colno}`;
    // Its stack says it, and the places in there are found in the sources.
    const isSaid = event.filename === '' || stackOf(event.error)?.includes(place);
    const text = `Uncaught ${nameOf(event.error, event.message)}${isSaid ? '' : ` (${place})`}`;
    reportLine('error', { text }, { stack: stackOf(event.error), place: event.filename ? place : undefined });
  });
  addEventListener('unhandledrejection', (event) => {
    const { text, values } = describe([event.reason]);
    reportLine(
      'error',
      { text: `Unhandled rejection: ${text}`, ...(values && { values }) },
      { stack: stackOf(event.reason) },
    );
  });
  addEventListener('securitypolicyviolation', (event) => {
    if (isRefusedRequest(event)) return;
    reportLine(event.disposition === 'report' ? 'warn' : 'error', { text: notLoaded(event) });
  });
}

function nameOf(error: unknown, otherwise: string): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : otherwise.replace(/^Uncaught /, '');
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
