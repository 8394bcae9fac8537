import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Mount } from '../runtimes/runtime.ts';
import { git } from '../worktrees/git.ts';
import { findGitDirectories, type GitDirectories } from '../worktrees/git-directories.ts';
import { isInside } from '../worktrees/is-inside.ts';

/** Where a sandbox has them: nothing is at the main checkout's own place. */
const PLACE = '/opt/vitrine/git';
/** What git reads of the repository to tell commits, branches and tags: no hooks, nothing of other worktrees. */
const SHOWN = ['HEAD', 'objects', 'refs', 'reftable', 'packed-refs', 'shallow'];
/** What `git config --worktree` writes. */
const OWN_SETTINGS = 'config.worktree';
/** What says how the repository is to be read, and what projects print of it. */
const SETTINGS = String.raw`^(core\.(repositoryformatversion|ignorecase|precomposeunicode)|extensions\..*|remote\..*\.url)$`;

/**
 * What lets git tell the commit of a linked worktree in its sandbox, as many configurations ask it to: read-only, at a
 * place of ours, and with a configuration of ours, as the repository's own may hold tokens. Where git is in the worktree
 * itself it is read-only at its own place: hooks and settings that code there wrote would be run by the next git of the
 * user's, outside of the sandbox. `directory`, where files are written for that, must be out of the pod's reach.
 */
export async function gitMounts(worktree: string, directory: string): Promise<Mount[]> {
  const directories = await findGitDirectories(worktree);
  if (!directories) {
    const own = await existing(join(worktree, '.git'), worktree);
    return own === null ? [] : [{ source: own }];
  }
  const { own, common } = directories;
  const ownPlace = join(PLACE, 'worktrees', basename(own));
  const files = join(directory, 'git');
  await mkdir(files, { recursive: true, mode: 0o700 });
  await writeFile(join(files, 'config'), await readSettings(directories));
  await writeFile(join(files, 'pointer'), `gitdir: ${ownPlace}\n`);
  const shown = await Promise.all(SHOWN.map((name) => existing(join(common, name), common)));
  const hasOwnSettings = (await existing(join(own, OWN_SETTINGS), own)) !== null;
  return [
    ...shown.flatMap((path) =>
      path === null ? [] : [{ source: path, target: join(PLACE, basename(path)) }],
    ),
    { source: own, target: ownPlace },
    // It may hold tokens as well.
    ...(hasOwnSettings ? [{ source: join(files, 'config'), target: join(ownPlace, OWN_SETTINGS) }] : []),
    { source: join(files, 'config'), target: join(PLACE, 'config') },
    { source: join(files, 'pointer'), target: join(worktree, '.git') },
  ];
}

/** Null for what is not there, and for a link that leads elsewhere. */
async function existing(path: string, inside: string): Promise<string | null> {
  const real = await realpath(path).catch(() => null);
  return real === path && isInside(inside, real) ? path : null;
}

async function readSettings({ common }: GitDirectories): Promise<string> {
  const asked = ['config', '--file', join(common, 'config'), '--null', '--get-regexp', SETTINGS];
  const output = await git(common, asked).catch(() => ''); // it says nothing of these
  const lines = output.split('\0').flatMap((entry) => {
    const end = entry.indexOf('\n');
    if (end === -1) return [];
    const parts = entry.slice(0, end).split('.');
    const [section = ''] = parts;
    const name = parts.at(-1) ?? '';
    const subsection = parts.slice(1, -1).join('.');
    const head = subsection === '' ? section : `${section} ${quoted(subsection)}`;
    return [`[${head}]`, `\t${name} = ${quoted(withoutCredentials(entry.slice(end + 1)))}`];
  });
  return `${lines.join('\n')}\n`;
}

const withoutCredentials = (value: string): string => value.replace(/^([\w+.-]+:\/\/)[^/@]*@/, '$1');

/** As git-config(1) writes values and subsections; of control characters only these two can be in one. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
