import { MAX_FILE_BYTES } from '#shared/api/files.ts';
import { lossyPath } from '#shared/api/path-bytes.ts';
import { VitrineError } from '#shared/errors.ts';

export const fileMissing = (path: string) =>
  new VitrineError({
    code: 'FILE_MISSING',
    message: `There is no file ${lossyPath(path)} in the worktree.`,
    remedy: 'It may have been moved or deleted. Look at the list of files.',
    status: 404,
  });

export const fileTooLarge = (path: string) =>
  new VitrineError({
    code: 'FILE_TOO_LARGE',
    message: `${lossyPath(path)} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB.`,
    remedy: 'Edit it with your own editor.',
    status: 413,
  });
