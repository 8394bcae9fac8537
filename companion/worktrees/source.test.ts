import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lossyPath } from '#shared/api/path-bytes.ts';
import { findBase } from './base-commit.ts';
import { searchSource } from './search-source.ts';
import { readAtCommit, readSource, writeSource } from './source-file.ts';
import { readSourceTree } from './source-tree.ts';

let home: string;
let main: string;
let worktree: string;

const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-C', directory, ...args], {
    encoding: 'utf8',
  });
const write = async (directory: string, path: string, content: string | Buffer) => {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
};

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-source-'));
  main = join(home, 'shop');
  worktree = join(home, 'attempt');
  await mkdir(main);
  git(main, 'init', '-q', '-b', 'trunk');
  await write(main, 'src/cart.ts', 'export const total = 1;\n');
  await write(main, 'src/old name.ts', `${'a line that is long enough\n'.repeat(5)}`);
  await write(main, 'gone.txt', 'gone\n');
  git(main, 'add', '.');
  git(main, 'commit', '-qm', 'start');
  git(main, 'worktree', 'add', '-q', '-b', 'attempt', worktree);
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('the tree of an attempt', () => {
  it('is read without a command that a repository names for files, its submodules or missing objects', async () => {
    const ran = join(home, 'ran');
    const name = (directory: string, setting: string, value: string) =>
      git(directory, 'config', setting, value);
    git(main, 'init', '-q', join(worktree, 'lib'));
    await write(join(worktree, 'lib'), 'file', 'text');
    git(join(worktree, 'lib'), 'add', '.');
    git(join(worktree, 'lib'), 'commit', '-qm', 'start');
    git(worktree, '-c', 'advice.addEmbeddedRepo=false', 'add', 'lib');
    // A name with what separates a setting from its value.
    name(main, 'filter.a=b.clean', `touch ${ran}; cat`);
    name(main, 'filter.p.process', `touch ${ran}`);
    name(main, 'filter.p.required', 'true');
    await write(worktree, '.gitattributes', '*.txt filter=a=b\n*.ts filter=p\n');
    await write(worktree, 'gone.txt', 'here\n');
    await write(worktree, 'src/cart.ts', 'export const total = 2;\n');
    name(join(worktree, 'lib'), 'filter.c.clean', `touch ${ran}; cat`);
    await write(join(worktree, 'lib'), '.gitattributes', '* filter=c\n');
    await write(join(worktree, 'lib'), 'file', 'next');
    const object = git(main, 'rev-parse', 'HEAD:gone.txt').trim();
    await rm(join(main, '.git/objects', object.slice(0, 2), object.slice(2)));
    for (const [setting, value] of [
      ['core.repositoryformatversion', '1'],
      ['extensions.partialClone', 'far'],
      ['remote.far.promisor', 'true'],
      ['remote.far.url', 'ssh://localhost/x'],
      ['core.sshCommand', `touch ${ran};`],
    ] as const)
      name(main, setting, value);
    const { files } = await readSourceTree(worktree);
    expect(files.filter(({ status }) => status === 'modified').map(({ path }) => path)).toContain(
      'src/cart.ts',
    );
    expect(await readAtCommit(worktree, 'gone.txt', 'HEAD')).toMatchObject({ content: null });
    await expect(stat(ran)).rejects.toThrow('ENOENT');
  });

  it('tells what differs from where the attempt began, committed or not', async () => {
    await write(worktree, 'src/cart.ts', 'export const total = 2;\n');
    git(worktree, 'commit', '-qam', 'change');
    git(worktree, 'mv', 'src/old name.ts', 'src/new\nname.ts');
    await unlink(join(worktree, 'gone.txt'));
    await write(worktree, 'src/fresh.ts', 'new\n');
    // What happens on the branch it came from is not the attempt's doing.
    await write(main, 'src/other.ts', 'other\n');
    git(main, 'add', '.');
    git(main, 'commit', '-qm', 'elsewhere');
    const tree = await readSourceTree(worktree);
    expect(Object.fromEntries(tree.files.map(({ path, status }) => [path, status]))).toEqual({
      'src/cart.ts': 'modified',
      'src/new\nname.ts': 'renamed',
      'src/fresh.ts': 'added',
      'gone.txt': 'deleted',
    });
    expect(tree.files.flatMap(({ from }) => from ?? [])).toEqual(['src/old name.ts']);
    expect(tree.base?.branch).toBe('trunk');
    expect(tree).toMatchObject({ autoSave: true, syncDelayMs: 500, truncated: false });
  });

  it('is there in a repository without a commit, and takes its saving from the configuration', async () => {
    const empty = join(home, 'empty');
    await mkdir(empty);
    git(empty, 'init', '-q');
    await write(
      empty,
      '.vibe-kanban/environment.yaml',
      'isolation: {frontend: {auto_save: false, sync_delay_ms: 20}}',
    );
    const tree = await readSourceTree(empty);
    expect(tree).toMatchObject({ base: null, autoSave: false, syncDelayMs: 20 });
    expect(tree.files.map(({ status }) => status)).toEqual(['added']);
  });
});

describe('a file in the editor', () => {
  it('is written byte for byte, with its mode, and only over the version it was made from', async () => {
    const content = '\uFEFF#!/bin/sh\r\necho "ü"\r\n\tlast line without an end';
    await write(worktree, 'run.sh', content);
    await chmod(join(worktree, 'run.sh'), 0o755);
    const read = await readSource(worktree, 'run.sh');
    expect(read.content).toBe(content);
    const { version } = await writeSource(worktree, {
      path: 'run.sh',
      content: `${content}!`,
      version: read.version,
    });
    expect(await readFile(join(worktree, 'run.sh'), 'utf8')).toBe(`${content}!`);
    expect((await stat(join(worktree, 'run.sh'))).mode & 0o777).toBe(0o755);
    expect((await readSource(worktree, 'run.sh')).version).toBe(version);
    const late = writeSource(worktree, { path: 'run.sh', content: 'late', version: read.version });
    await expect(late).rejects.toMatchObject({ code: 'SOURCE_CHANGED', status: 409 });
    expect(await readFile(join(worktree, 'run.sh'), 'utf8')).toBe(`${content}!`);
  });

  it('lets one of two savers win, whole', async () => {
    const { version } = await readSource(worktree, 'src/cart.ts');
    const saves = ['a', 'b', 'c'].map((letter) =>
      writeSource(worktree, { path: 'src/cart.ts', content: letter.repeat(1_000), version }),
    );
    const results = await Promise.allSettled(saves);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readFile(join(worktree, 'src/cart.ts'), 'utf8')).toMatch(/^(.)\1{999}$/);
  });

  it('can be new, but not where there is one', async () => {
    await writeSource(worktree, { path: 'src/x.ts', content: 'x', version: null });
    const again = writeSource(worktree, { path: 'src/x.ts', content: 'y', version: null });
    await expect(again).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('says what it cannot show or write back', async () => {
    await write(worktree, 'logo.png', Buffer.from([0x89, 0, 1]));
    await write(worktree, 'latin.txt', Buffer.from([0x66, 0xfc, 0x72]));
    await write(worktree, 'huge.log', 'x'.repeat(5 * 1024 * 1024 + 1));
    expect(await readSource(worktree, 'logo.png')).toMatchObject({ content: null, obstacle: 'binary' });
    expect(await readSource(worktree, 'latin.txt')).toMatchObject({
      content: 'f\uFFFDr',
      obstacle: 'not-utf8',
    });
    expect(await readSource(worktree, 'huge.log')).toMatchObject({ content: null, obstacle: 'too-large' });
    await expect(readSource(worktree, 'none.ts')).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  it('lies inside the worktree, whatever links say', async () => {
    await symlink('/etc', join(worktree, 'out'));
    for (const path of ['../shop/gone.txt', 'out/passwd', '/etc/passwd', '.git', 'a\0b']) {
      await expect(readSource(worktree, path)).rejects.toMatchObject({ code: 'PATH_OUTSIDE_WORKTREE' });
      const written = writeSource(worktree, { path, content: 'x', version: null });
      await expect(written).rejects.toMatchObject({ code: 'PATH_OUTSIDE_WORKTREE' });
    }
  });

  it('is known as it was where the attempt began', async () => {
    await write(worktree, 'src/cart.ts', 'changed\n');
    const base = await findBase(worktree);
    expect(await readAtCommit(worktree, 'src/cart.ts', base?.commit)).toEqual({
      path: 'src/cart.ts',
      content: 'export const total = 1;\n',
    });
    expect((await readAtCommit(worktree, 'src/new.ts', base?.commit)).content).toBeNull();
  });
});

describe('a search', () => {
  it('finds text in tracked and new files, not in ignored and binary ones', async () => {
    await write(worktree, 'new.ts', 'const ü = "Total"; // total\n');
    await write(worktree, '.gitignore', 'dist\n');
    await write(worktree, 'dist/out.js', 'total');
    await write(worktree, 'data.bin', Buffer.from('total\0'));
    const find = async (text: string, isRegex = false, matchesCase = false) =>
      (await searchSource(worktree, { text, isRegex, matchesCase })).matches.map(
        ({ path, line, column }) => `${path}:${line}:${column}`,
      );
    expect(await find('total')).toEqual(['new.ts:1:12', 'src/cart.ts:1:14']);
    expect(await find('Total', false, true)).toEqual(['new.ts:1:12']);
    expect(await find('t.tal =', true)).toEqual(['src/cart.ts:1:14']);
    expect(await find('t.tal')).toEqual([]);
    expect(await find('--help')).toEqual([]);
    await expect(find('(', true)).rejects.toMatchObject({ code: 'SEARCH_FAILED' });
  });

  it('cuts long lines around the match', async () => {
    await write(worktree, 'min.js', `${'x'.repeat(500_000)}needle${'y'.repeat(500_000)}`);
    const { matches } = await searchSource(worktree, { text: 'needle', isRegex: false, matchesCase: true });
    expect(matches[0]?.text).toContain('needle');
    expect(matches[0]?.text.length).toBeLessThanOrEqual(240);
    expect(matches[0]?.column).toBe(500_001);
  });
});

describe.runIf(process.platform === 'linux')('a name that is not valid UTF-8', () => {
  /** `src/gr\xfc\xdfe.ts`, as a program wrote it that knows Latin-1 alone. */
  const LATIN = 'src/gr\0fc\0dfe.ts';
  const place = (...parts: (string | number[])[]) =>
    Buffer.concat([Buffer.from(`${worktree}/`), ...parts.map((part) => Buffer.from(part as string))]);
  const latin = () => place('src/gr', [0xfc, 0xdf], 'e.ts');

  it('is in the tree with its status, beside others that are shown alike', async () => {
    await writeFile(latin(), 'export const total = 1;\n');
    await writeFile(place('src/gr', [0xfd, 0xdf], 'e.ts'), '2');
    await mkdir(place('dir', [0xff]));
    await writeFile(place('dir', [0xff], '/ü ', [0xc3], '.txt'), 'three');
    git(worktree, 'add', 'src');
    const { files } = await readSourceTree(worktree);
    expect(files.filter(({ status }) => status)).toEqual([
      { path: 'dir\0ff/ü \0c3.txt', size: 5, status: 'added' },
      { path: LATIN, size: 24, status: 'added' },
      { path: 'src/gr\0fd\0dfe.ts', size: 1, status: 'added' },
    ]);
    expect(lossyPath(LATIN)).toBe('src/gr\ufffd\ufffde.ts');
  });

  it('is read, but never written', async () => {
    await writeFile(latin(), 'one');
    expect(await readSource(worktree, LATIN)).toMatchObject({
      path: LATIN,
      content: 'one',
      obstacle: 'name-not-utf8',
    });
    const written = writeSource(worktree, { path: LATIN, content: 'two', version: null });
    await expect(written).rejects.toMatchObject({ code: 'FILE_NAME_NOT_UTF8', status: 422 });
    await expect(readSource(worktree, 'src/none\0ff.ts')).rejects.toMatchObject({ code: 'FILE_MISSING' });
    expect(await readFile(latin(), 'utf8')).toBe('one');
  });

  it('is known as it was where the attempt began, renamed and deleted', async () => {
    const before = 'a line that is long enough\n'.repeat(5);
    await writeFile(latin(), before);
    await writeFile(place('old', [0xe9]), `${before}other\n`);
    git(worktree, 'add', '.');
    git(worktree, 'commit', '-qm', 'latin');
    git(main, 'merge', '-q', 'attempt');
    await writeFile(latin(), 'changed\n');
    await rename(place('old', [0xe9]), place('new', [0xe9]));
    git(worktree, 'add', '-A');
    const { files, base } = await readSourceTree(worktree);
    expect(files.filter(({ status }) => status)).toMatchObject([
      { path: 'new\0e9', status: 'renamed', from: 'old\0e9' },
      { path: LATIN, status: 'modified' },
    ]);
    expect(await readAtCommit(worktree, LATIN, base?.commit)).toEqual({ path: LATIN, content: before });
    expect((await readAtCommit(worktree, 'no\0e9', base?.commit)).content).toBeNull();
    await unlink(latin());
    const after = await readSourceTree(worktree);
    expect(after.files.find(({ path }) => path === LATIN)?.status).toBe('deleted');
  });

  it('is found by a search, as are those around it', async () => {
    await writeFile(latin(), 'the needle\n');
    await writeFile(place('src/two\nlines.ts'), 'a needle\n');
    await writeFile(place('src/latin.txt'), Buffer.from([0xfc, 0x20, ...Buffer.from('needle')]));
    const found = await searchSource(worktree, { text: 'needle', isRegex: false, matchesCase: false });
    expect(found.matches.map(({ path, line, column }) => [path, line, column])).toEqual([
      [LATIN, 1, 5],
      ['src/latin.txt', 1, 3],
      ['src/two\nlines.ts', 1, 3],
    ]);
  });

  it('leads nowhere outside the worktree, however it is spelt', async () => {
    await symlink(Buffer.from('/etc'), place('out', [0xff]));
    await symlink(Buffer.from(join(worktree, '.git')), place('git', [0xff]));
    const refused = ['out\0ff/passwd', 'git\0ff', 'a\0ff\0', 'a\0ff\x02f..', '\0ff/../../shop/gone.txt'];
    // The same bytes by another spelling: a character in two halves.
    for (const path of [...refused, 'a\0c3\0bc'])
      await expect(readSource(worktree, path), path).rejects.toMatchObject({
        code: expect.stringMatching(/^(PATH_OUTSIDE_WORKTREE|FILE_MISSING)$/),
      });
    await expect(readSource(worktree, 'out\0ff/passwd')).rejects.toMatchObject({
      code: 'PATH_OUTSIDE_WORKTREE',
    });
  });
});
