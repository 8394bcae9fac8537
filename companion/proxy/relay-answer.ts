import type { IncomingMessage, ServerResponse } from 'node:http';
import { forwardableTrailers } from './hop-by-hop.ts';
import type { Recording } from './recording/recording.ts';

/** Hands the body of an answer on whose head is written: as fast as it is taken, recorded as it passes. */
export function relayAnswer(answer: IncomingMessage, response: ServerResponse, recording: Recording): void {
  const resume = () => answer.resume();
  let isDraining = false;
  let hasBegun = false;
  answer.on('data', (chunk: Buffer) => {
    hasBegun = true;
    recording.responseChunk(chunk);
    if (response.write(chunk)) return;
    answer.pause();
    if (isDraining) return;
    isDraining = true;
    response.on('drain', resume);
  });
  answer.on('end', () => {
    hasBegun = true;
    if (answer.rawTrailers.length > 0) response.addTrailers(forwardableTrailers(answer.rawTrailers));
    response.end();
  });
  // An event stream says nothing for a while: its head is not to wait for that. Mostly the body is there by then.
  setImmediate(() => {
    if (!hasBegun && !response.destroyed) response.flushHeaders();
  });
}
