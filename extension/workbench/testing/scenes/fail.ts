import { VitrineError } from '#shared/errors.ts';

/** Fails a request that a scene intercepts. */
export function fail(code: string, message: string, remedy: string, status: number): never {
  throw new VitrineError({ code, message, remedy, status });
}
