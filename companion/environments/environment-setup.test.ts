import { expect, test } from 'vitest';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import { parseConfig } from '../config/read-config.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { EnvironmentSetup } from './environment-setup.ts';

const configOf = (database: string) => parseConfig(`isolation: { backend: { database: ${database} } }`);

/** What the console says when a preview with the first configuration takes over the second. */
async function toldOf(before: string, after: string): Promise<string[]> {
  const record: EnvironmentRecord = {
    id: 'blue-1',
    taskId: 't',
    agentId: 'a',
    title: 'Blue',
    worktree: '/w',
    mainCheckout: '/w',
    branch: 'main',
    status: 'running',
    provider: 'sandpack',
    providerReason: 'test',
    runtime: 'process',
    database: 'sqlite',
    secret: 's'.repeat(43),
    cookie: 'c'.repeat(43),
    config: configOf(before),
    allowedHosts: [],
    createdAt: 1,
    lastUsedAt: 1,
  };
  const entries: Omit<ConsoleEntry, 'at'>[] = [];
  const unused = () => Promise.reject(new Error('nothing is started here'));
  const setup = new EnvironmentSetup({
    record,
    parts: {
      runtime: { name: 'process', probe: unused, sweep: unused, createPod: unused },
      provider: { name: 'sandpack', start: unused },
      choose: unused,
    },
    egress: { policyChanged: () => undefined },
    journal: {
      log: (entry) => entries.push(entry),
      save: async () => undefined,
      saveAndTell: async () => undefined,
    },
  });
  await setup.useConfig(configOf(after));
  expect(record.config).toEqual(configOf(after));
  return entries.map(({ text }) => text);
}

test('a template that changed is told with the command that makes the database of it', async () => {
  const told = await toldOf('{}', '{ template: { migrate: npm run migrate } }');
  expect(told).toEqual([expect.stringContaining('`vitrine db reset blue-1`')]);
});

test('another engine is told with what makes it count', async () => {
  const told = await toldOf('{}', '{ engine: postgres }');
  expect(told).toEqual([expect.stringMatching(/stays sqlite.*`vitrine stop blue-1`/)]);
});

test('a database that is to stay as it is needs no word', async () => {
  expect(await toldOf('{}', '{ engine: sqlite }')).toEqual([]);
});
