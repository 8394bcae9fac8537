import { z } from 'zod';

/** What a failed call answers: `{error: {code, message, remedy}}`. */
export const errorBodySchema = z.object({
  error: z.object({
    /** Stable, for programs: UPPER_SNAKE_CASE. */
    code: z.string(),
    /** One sentence that names the cause. */
    message: z.string(),
    /** One sentence a person can act on. */
    remedy: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export interface VitrineErrorInit {
  code: string;
  message: string;
  remedy: string;
  /** HTTP status this error becomes at the API; 500 unless told. */
  status?: number;
  cause?: unknown;
}

/** The one error type that reaches people: it names the cause and the remedy, and keeps `cause`. */
export class VitrineError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly status: number;

  constructor({ code, message, remedy, status = 500, cause }: VitrineErrorInit) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VitrineError';
    this.code = code;
    this.remedy = remedy;
    this.status = status;
  }

  toBody(): ErrorBody {
    return { error: { code: this.code, message: this.message, remedy: this.remedy } };
  }
}

/** Wraps anything thrown into a {@link VitrineError}, keeping it as `cause`. */
export function toVitrineError(thrown: unknown): VitrineError {
  if (thrown instanceof VitrineError) return thrown;
  return new VitrineError({
    code: 'INTERNAL',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: 'Look at the companion log (companion.log in the state directory) and report it if it persists.',
    cause: thrown,
  });
}
