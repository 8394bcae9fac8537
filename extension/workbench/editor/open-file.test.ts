import { describe, expect, it } from 'vitest';
import type { SourceFile, WriteSource } from '#shared/api/source.ts';
import { VitrineError } from '#shared/errors.ts';
import { OpenFile } from './open-file.ts';

/** A disk with one file, whose versions are its contents. */
function diskWith(content: string | null) {
  const disk = {
    content,
    writes: 0,
    /** Called before each write. */
    onWrite: () => {},
    async get(): Promise<SourceFile> {
      if (disk.content === null)
        throw new VitrineError({ code: 'FILE_MISSING', message: 'No.', remedy: '', status: 404 });
      return { path: 'a.ts', content: disk.content, size: 1, version: disk.content };
    },
    async put(_id: string, file: WriteSource): Promise<string> {
      disk.onWrite();
      if (disk.content !== file.version)
        throw new VitrineError({ code: 'SOURCE_CHANGED', message: 'No.', remedy: '', status: 409 });
      disk.writes += 1;
      disk.content = file.content;
      return file.content;
    },
  };
  return disk;
}

async function open(content: string) {
  const disk = diskWith(content);
  const file = new OpenFile('a.ts', 'cart', disk, new AbortController().signal);
  await file.refresh();
  return { disk, file };
}

describe('a file that is edited', () => {
  it('is saved with its line ends, and only when something was typed', async () => {
    const { disk, file } = await open('one\r\ntwo\r\n');
    await file.save();
    expect(disk.writes).toBe(0);
    file.text.value = 'one\n2\n';
    await file.save();
    expect(disk.content).toBe('one\r\n2\r\n');
    expect(file.isDirty.value).toBe(false);
  });

  it('takes what an agent wrote elsewhere in it together with what was typed', async () => {
    const { disk, file } = await open('a\nb\nc\nd\n');
    file.text.value = 'mine\nb\nc\nd\n';
    disk.content = 'a\nb\nc\ntheirs\n';
    await file.refresh();
    expect(file.text.value).toBe('mine\nb\nc\ntheirs\n');
    expect(file.isDirty.value).toBe(true);
    await file.save();
    expect(disk.content).toBe('mine\nb\nc\ntheirs\n');
  });

  it('merges when the agent writes between the last look and the save', async () => {
    const { disk, file } = await open('a\nb\nc\nd\n');
    file.text.value = 'a\nb\nc\nmine\n';
    disk.onWrite = () => {
      disk.content = 'theirs\nb\nc\nd\n';
      disk.onWrite = () => {};
    };
    await file.save();
    expect(disk.content).toBe('theirs\nb\nc\nmine\n');
  });

  it('loses neither side where both changed the same line', async () => {
    const { disk, file } = await open('a\n');
    file.text.value = 'mine\n';
    disk.content = 'theirs\n';
    await file.save();
    expect(disk.content).toBe('theirs\n');
    expect(file.text.value).toBe('mine\n');
    expect(file.conflict.value?.text).toBe('theirs\n');
    await file.save();
    expect(disk.content).toBe('theirs\n');
    await file.resolve('mine');
    expect(disk.content).toBe('mine\n');
    expect(file.conflict.value).toBeUndefined();
  });

  it.each([
    ['mine', 'own\n\nmine\n\ntheirs\n', 'own\n\nboth\n\ntheirs\n'],
    ['theirs', 'own\n\nboth\n\ntheirs\n', 'own\n\nmine\n\ntheirs\n'],
  ] as const)('takes %s for the lines that both changed, and all else of both', async (side, text, other) => {
    const { disk, file } = await open('a\n\nb\n\nc\n');
    file.text.value = 'own\n\nmine\n\nc\n';
    disk.content = 'a\n\nboth\n\ntheirs\n';
    await file.refresh();
    const otherwise = await file.resolve(side);
    expect([file.text.value, disk.content, otherwise]).toEqual([text, text, other]);
  });

  it('gives way to the disk when the person says so', async () => {
    const { disk, file } = await open('a\n');
    file.text.value = 'mine\n';
    disk.content = 'theirs\n';
    await file.refresh();
    await file.resolve('theirs');
    expect([file.text.value, file.isDirty.value, disk.content]).toEqual(['theirs\n', false, 'theirs\n']);
  });

  it('ends a conflict by itself when the disk comes back to what it was', async () => {
    const { disk, file } = await open('a\n');
    file.text.value = 'mine\n';
    disk.content = 'theirs\n';
    await file.refresh();
    disk.content = 'a\n';
    await file.refresh();
    expect(file.conflict.value).toBeUndefined();
    expect(file.text.value).toBe('mine\n');
  });

  it('keeps what was typed when the file is deleted, and can make it anew', async () => {
    const { disk, file } = await open('a\n');
    file.text.value = 'mine\n';
    disk.content = null;
    await file.refresh();
    expect([file.isGone.value, file.text.value]).toEqual([true, 'mine\n']);
    await file.save();
    expect([disk.content, file.isGone.value]).toEqual(['mine\n', false]);
  });

  it('says why it could not be saved, and keeps the text', async () => {
    const { disk, file } = await open('a\n');
    disk.put = () =>
      Promise.reject(new VitrineError({ code: 'FILE_NOT_WRITTEN', message: 'Full.', remedy: 'Make room.' }));
    file.text.value = 'mine\n';
    await file.save();
    expect(file.failure.value?.code).toBe('FILE_NOT_WRITTEN');
    expect([file.text.value, file.isDirty.value]).toEqual(['mine\n', true]);
  });
});
