import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConfigDraft, ConfigFile, WriteConfig } from '#shared/api/config.ts';
import type { ConfigEdits } from '#shared/config/editable.ts';
import { CONFIG_PATH, type EnvironmentConfig } from '#shared/config/environment-config.ts';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import { confinePath } from '../worktrees/confine-path.ts';
import { readSource, writeSource } from '../worktrees/source-file.ts';
import { editableDefaults, editableValues, editConfig } from './edit-config.ts';
import { parseConfig } from './read-config.ts';

/** What a worktree's configuration says of the keys that can be changed here. */
export async function readConfigFile(worktree: string): Promise<ConfigFile> {
  const { text, version } = await read(worktree);
  return { path: CONFIG_PATH, version, values: editableValues(text), defaults: editableDefaults() };
}

/** The file as it is and as it would be. Writes nothing. */
export async function draftConfigFile(worktree: string, edits: ConfigEdits): Promise<ConfigDraft> {
  const { text, version } = await read(worktree);
  return { path: CONFIG_PATH, version, before: text, after: editConfig(text, edits) };
}

/** Writes what {@link draftConfigFile} showed, if the file is still the one it showed. Answers what holds now. */
export async function writeConfigFile(
  worktree: string,
  { edits, version }: WriteConfig,
): Promise<EnvironmentConfig> {
  const found = await read(worktree);
  if (found.version !== version) throw changed();
  const content = editConfig(found.text, edits);
  if (content !== found.text) {
    await mkdir(dirname(await confinePath(worktree, CONFIG_PATH)), { recursive: true });
    await writeSource(worktree, { path: CONFIG_PATH, content, version });
  }
  return parseConfig(content);
}

async function read(worktree: string): Promise<{ text: string; version: string | null }> {
  try {
    const { content, obstacle, version } = await readSource(worktree, CONFIG_PATH);
    if (content === null || obstacle !== undefined) throw notEditable(obstacle ?? 'binary');
    return { text: content, version };
  } catch (error) {
    if (toVitrineError(error).code === 'FILE_MISSING') return { text: '', version: null };
    throw error;
  }
}

const changed = () =>
  new VitrineError({
    code: 'SOURCE_CHANGED',
    message: `${CONFIG_PATH} was changed by somebody else meanwhile.`,
    remedy: 'Look at the changes again. Nothing was written.',
    status: 409,
  });

const notEditable = (obstacle: string) =>
  new VitrineError({
    code: 'CONFIG_UNREADABLE',
    message: `${CONFIG_PATH} cannot be changed here: it is ${obstacle}.`,
    remedy: 'Make it a writable UTF-8 text file.',
    status: 422,
  });
