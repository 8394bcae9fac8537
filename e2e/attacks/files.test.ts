import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lifetime } from '../lifetime.ts';
import { type Arena, openArena, plantSecret, SHARED_PACKAGE } from './arena.ts';
import type { Attacker } from './attacker.ts';
import { GROUNDS } from './grounds.ts';

const SECRET = 'nobody but its owner reads this 5f2c9e';
/** A page, so that the companion serves files of the worktree to browsers. */
const PAGE = { 'index.html': '<!doctype html><title>Page</title><h1>Page</h1>', 'public/kept.txt': 'public' };

describe.each(GROUNDS)('files, from inside a sandbox of $name', (ground) => {
  const lifetime = new Lifetime();
  let arena: Arena;
  let attacker: Attacker;
  let neighbour: Attacker;
  let hostSecret: string;

  const neighbourData = () => join(arena.companion.home, 'environments', neighbour.id);

  beforeAll(async () => {
    arena = lifetime.own(await openArena(ground, { files: PAGE }), (opened) => opened.leave());
    attacker = await arena.enter('attacker');
    neighbour = await arena.enter('neighbour');
    hostSecret = await plantSecret(arena.elsewhere, SECRET);
    for (const directory of [neighbour.worktree, neighbourData(), arena.repository, arena.companion.home])
      await plantSecret(directory, SECRET);
  });
  afterAll(() => lifetime.end());

  test('the attacks themselves work', async () => {
    expect(attacker.isolation.files).toBe('enforced');
    const own = await neighbour.readPaths([join(neighbour.worktree, 'host-secret.txt')]);
    expect(own).toMatchObject([{ outcome: 'done', answer: SECRET }]);
  });

  test('files of the machine, of the companion, of the main checkout and of a neighbour cannot be read', async () => {
    const { home } = arena.companion;
    const secrets = [arena.elsewhere, neighbour.worktree, neighbourData(), arena.repository, home];
    const { path } = await neighbour.ownDatabase();
    const climbs = ['/proc/1/root', '/proc/self/root', '/proc/1/cwd', '/proc/self/cwd/../../../../../..'];
    const paths = [
      ...secrets.map((directory) => join(directory, basename(hostSecret))),
      ...climbs.map((climb) => climb + hostSecret),
      path ?? '',
      join(home, 'companion.json'),
      join(home, 'vitrine.sqlite'),
      join(neighbourData(), 'database/database.sqlite'),
      join(arena.repository, '.git/config'),
      join(homedir(), '.ssh'),
      join(homedir(), '.bashrc'),
      ...['/dev/mem', '/dev/kmsg', '/dev/vda', '/dev/sda', '/proc/kcore', '/sys/kernel/debug'],
    ];
    const tried = await attacker.readPaths(paths);
    // An empty directory of that name tells nothing.
    expect(tried.filter(({ outcome, answer }) => outcome === 'done' && answer !== '')).toEqual([]);
  });

  test('the passwords of the machine are not those it sees', async () => {
    const host = await readFile('/etc/shadow', 'latin1');
    const [shadow] = await attacker.readPaths(['/etc/shadow']);
    if (shadow?.outcome === 'done') expect(host.startsWith(shadow.answer ?? '')).toBe(false);
  });

  test('nothing can be put where the machine, the main checkout or a neighbour would find it', async () => {
    const shared = join(arena.repository, 'node_modules', SHARED_PACKAGE);
    const directories = [
      arena.elsewhere,
      arena.repository,
      shared,
      join(arena.repository, '.git/hooks'),
      neighbour.worktree,
      neighbourData(),
      arena.companion.home,
      join(arena.companion.home, 'cache'),
      '/etc',
      '/usr/local/bin',
      homedir(),
    ];
    await attacker.plantFiles(directories, 'planted-by-the-attacker');
    const planted = await Promise.all(
      directories.map((directory) => exists(join(directory, 'planted-by-the-attacker'))),
    );
    expect(directories.filter((_directory, index) => planted[index])).toEqual([]);
  });

  test('the packages of the main checkout can be used, and not be changed', async () => {
    const shared = join(arena.repository, 'node_modules', SHARED_PACKAGE, 'index.js');
    const [used] = await attacker.runCommands([`node -p 'require("${SHARED_PACKAGE}")'`]);
    expect(used).toMatchObject({ code: 0, output: 'padded' });
    const before = await readFile(shared, 'utf8');
    const seen = join(attacker.worktree, '..', 'node_modules', SHARED_PACKAGE, 'index.js');
    const tried = await attacker.openForWriting([shared, seen]);
    expect(tried.map(({ outcome }) => outcome)).toEqual(['EROFS', 'EROFS']);
    expect(await readFile(shared, 'utf8')).toBe(before);
  });

  test('links out of the worktree lead neither the API nor a page out of it', async () => {
    const targets = [hostSecret, join(neighbour.worktree, 'host-secret.txt'), '/etc/shadow'];
    const links = targets.flatMap((to, index) => [
      { at: join(attacker.worktree, `link-${index}.txt`), to },
      { at: join(attacker.worktree, 'public', `link-${index}.txt`), to },
    ]);
    links.push({ at: join(attacker.worktree, 'public/out'), to: arena.elsewhere });
    expect((await attacker.makeLinks(links)).filter(({ outcome }) => outcome !== 'done')).toEqual([]);

    const api = `/api/environments/${attacker.id}/files`;
    for (const path of [
      'link-0.txt',
      'link-1.txt',
      'link-2.txt',
      'public/out/host-secret.txt',
      'public/link-0.txt',
    ]) {
      const read = await arena.companion.fetch(`${api}?path=${encodeURIComponent(path)}`);
      const written = await arena.companion.fetch(api, {
        method: 'PUT',
        body: { path, content: 'replaced' },
      });
      expect([path, read.status, written.status]).toEqual([path, 400, 400]);
    }
    const kept = await arena.companion.request(attacker.id, { path: '/kept.txt' });
    expect(kept.body).toBe('public');
    for (const path of [
      '/link-0.txt',
      '/link-1.txt',
      '/link-2.txt',
      '/out/host-secret.txt',
      '/public/link-0.txt',
    ]) {
      const { body } = await arena.companion.request(attacker.id, { path });
      expect(body).not.toContain(SECRET);
      expect(body).not.toContain('root:');
    }
    expect(await readFile(hostSecret, 'utf8')).toBe(SECRET);
  });

  test('a hard link to a file of a neighbour or of the shared packages cannot be made', async () => {
    const shared = join(arena.repository, 'node_modules', SHARED_PACKAGE, 'index.js');
    const tried = await attacker.makeHardLinks([
      { at: join(attacker.worktree, 'hard-1'), to: join(neighbour.worktree, 'host-secret.txt') },
      { at: join(attacker.worktree, 'hard-2'), to: shared },
    ]);
    expect(tried.filter(({ outcome }) => outcome === 'done')).toEqual([]);
  });

  test('links in its private directory lead neither a snapshot nor its own removal to files of others', async () => {
    const thief = await arena.enter('thief');
    const victim = join(arena.elsewhere, 'victim');
    await mkdir(victim);
    await writeFile(join(victim, 'precious'), SECRET);
    const data = join(arena.companion.home, 'environments', thief.id);
    const { path } = await thief.ownDatabase();
    expect(path).toContain(data);
    const [swapped] = await thief.runCommands([
      `rm -rf '${path}'* && ln -s '${hostSecret}' '${path}' && ln -s '${victim}' '${data}/linked' && ln -s '${victim}' ~/linked`,
    ]);
    expect(swapped).toMatchObject({ code: 0 });
    // The user keeps a snapshot of what looks like a database, and puts it back.
    await arena.companion.keepSnapshot(thief.id, 'stolen').catch(() => {});
    await arena.companion.restoreSnapshot(thief.id, 'stolen').catch(() => {});
    await arena.companion.resetDatabase(thief.id).catch(() => {});
    await arena.companion.running(thief.id);
    const [copied] = await thief.readPaths([path ?? '']);
    expect(copied?.answer ?? '').not.toContain(SECRET.slice(0, 20));
    await arena.companion.terminate(thief.id);
    expect(await readFile(join(victim, 'precious'), 'utf8')).toBe(SECRET);
    expect(await readFile(hostSecret, 'utf8')).toBe(SECRET);
  });

  test('links and pipes in its private directory lead the next start to no file of others, nor hold the companion up', async () => {
    const thief = await arena.enter('next-start');
    const prey = join(arena.elsewhere, 'prey');
    await mkdir(prey);
    for (const name of ['config', 'pointer', 'draft']) await writeFile(join(prey, name), SECRET);
    const cache = join(arena.companion.home, 'environments', thief.id, 'cache');
    const [planted] = await thief.runCommands([
      `mkdir -p ${cache} && cd ${cache} && rm -rf git tools pages.json && ln -s ${prey} git && ln -s ${prey} tools && mkfifo pages.json && ln -s ${prey}/draft pages.json.draft`,
    ]);
    expect(planted).toMatchObject({ code: 0 });
    await arena.companion.restartEnvironment(thief.id);
    await arena.companion.running(thief.id);
    expect((await arena.companion.request(thief.id, { path: '/' })).status).toBe(200);
    for (const name of ['config', 'pointer', 'draft'])
      expect([name, await readFile(join(prey, name), 'utf8')]).toEqual([name, SECRET]);
    await arena.companion.terminate(thief.id);
  });
});

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
