import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

export interface WrapperFile {
  path: string;
  content: string;
}

/**
 * The program that manifests name: browsers start it with hardly any environment, so it pins this Node, the state
 * directory and the PATH of the moment of installation, with which backends will run.
 */
export function wrapperFile(home: string, platform: NodeJS.Platform = process.platform): WrapperFile {
  const path = process.env.PATH ?? '';
  if (platform === 'win32') {
    return {
      path: join(home, 'bin', 'vitrine-host.bat'),
      content: [
        '@echo off',
        `set "VITRINE_HOME=${batchText(home)}"`,
        `set "PATH=${batchText(path)}"`,
        `"${batchText(process.execPath)}" "${batchText(HOST)}" %*`,
        '',
      ].join('\r\n'),
    };
  }
  return {
    path: join(home, 'bin', 'vitrine-host'),
    content: [
      '#!/bin/sh',
      '# Written by "vitrine install", removed by "vitrine uninstall".',
      `export VITRINE_HOME=${shellQuoted(home)}`,
      `export PATH=${shellQuoted(path)}`,
      `exec ${shellQuoted(process.execPath)} ${shellQuoted(HOST)} "$@"`,
      '',
    ].join('\n'),
  };
}

export async function writeWrapper({ path, content }: WrapperFile): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode: 0o700 });
  await chmod(path, 0o700); // the mode above is only for a new file
}

const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Percent signs are all that matters between the quotes of a batch file's line. */
const batchText = (text: string) => text.replaceAll('%', '%%');
