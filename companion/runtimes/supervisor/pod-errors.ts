import { VitrineError } from '#shared/errors.ts';

export function podGone(): VitrineError {
  return new VitrineError({
    code: 'POD_GONE',
    message: 'The sandbox is gone',
    remedy: 'Restart the environment.',
    status: 502,
  });
}
