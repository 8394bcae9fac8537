import { type GitSetting, git } from './git.ts';

const FILTERS = String.raw`^filter\..*\.(clean|smudge|process|required)$`;
/** What the user's own settings name is theirs, as Git LFS. */
const USERS = new Set(['system', 'global']);

/**
 * Settings that keep git from running commands that a repository names for what its files hold (gitattributes(5),
 * "filter"): comparing files with a commit runs them. Such a file is told as changed once it was written.
 */
export async function withoutFilters(worktree: string, signal?: AbortSignal): Promise<GitSetting[]> {
  const asked = ['config', '--show-scope', '--null', '--get-regexp', FILTERS];
  const words = (await git(worktree, asked, signal).catch(() => '')).split('\0'); // it names none
  const settings: GitSetting[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name = ''] = (words[at + 1] ?? '').split('\n', 1);
    if (!USERS.has(words[at] ?? '')) settings.push([name, name.endsWith('.required') ? 'false' : '']);
  }
  return settings;
}
