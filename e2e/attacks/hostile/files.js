import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const READ_BYTES = 64;

/** What of each path can be read. Directories are listed. */
export async function readPaths({ paths }) {
  return attempts(paths, async (path) => {
    if ((await lstat(path)).isDirectory()) return (await readdir(path)).join(' ');
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

/** Puts a file into each directory. */
export async function plantFiles({ directories, name }) {
  return attempts(directories, (directory) => writeFile(join(directory, name), 'planted'));
}

/** Opens files for writing, and leaves them as they are. */
export async function openForWriting({ paths }) {
  return attempts(paths, async (path) => (await open(path, 'r+')).close());
}

/** Makes symbolic links; where they lead is not looked at. */
export async function makeLinks({ links }) {
  return attempts(links, async ({ at, to }) => {
    await mkdir(dirname(at), { recursive: true });
    await symlink(to, at);
  });
}

/** Makes second names of files, which would outlive the sandbox's walls. */
export async function makeHardLinks({ links }) {
  return attempts(links, ({ at, to }) => link(to, at));
}

async function attempts(list, attempt) {
  const results = [];
  for (const target of list) {
    try {
      results.push({ target, outcome: 'done', answer: await attempt(target) });
    } catch (error) {
      results.push({ target, outcome: error.code ?? String(error) });
    }
  }
  return results;
}
