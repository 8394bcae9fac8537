import type { Request } from 'express';
import type { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';

/** Parses a request's body. Throws BODY_INVALID naming each field. */
export function parseBody<S extends z.ZodType>(schema: S, request: Request): z.infer<S> {
  const result = schema.safeParse(request.body ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
  throw new VitrineError({
    code: 'BODY_INVALID',
    message: `The request is not valid: ${faults.join('; ')}.`,
    remedy: 'Correct what is named; the README says what each command and route takes.',
    status: 400,
  });
}

/** A signal that is aborted when the caller goes away, or after the deadline. */
export function requestSignal(request: Request, deadlineMs: number): AbortSignal {
  const gone = new AbortController();
  request.res?.on('close', () => {
    if (!request.res?.writableFinished) gone.abort(new Error('The caller went away.'));
  });
  return AbortSignal.any([gone.signal, AbortSignal.timeout(deadlineMs)]);
}
