import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { startChild } from '../child.ts';
import type { Lifetime } from '../lifetime.ts';
import { waitUntil } from '../wait-until.ts';

const run = promisify(execFile);
const DEADLINE_MS = 10_000;
/** What only the internet says. */
export const INTERNET_ANSWER = 'the internet';

export interface Internet {
  /** An address that is neither this machine's nor private; a web server is on port 80. */
  address: string;
  /** Another one there. */
  otherAddress: string;
}

const SERVER = `require('node:http').createServer((request, response) => response.end('${INTERNET_ANSWER}')).listen(80, '0.0.0.0', () => console.log('up'))`;

/**
 * A network namespace behind a pair of virtual cables that stands for the internet. Its addresses look public: a /29
 * at random out of 11.0.0.0/8, which nobody announces, and which for as long as this lasts is here.
 */
export async function makeInternet(lifetime: Lifetime): Promise<Internet> {
  const name = `vti${randomBytes(3).toString('hex')}`;
  const [second, third, fourth = 0] = randomBytes(3);
  const at = (last: number) => `11.${second}.${third}.${(fourth & 0xf8) + last}`;
  const ip = (...args: string[]) => run('ip', args, { timeout: DEADLINE_MS });
  lifetime.own(name, async () => {
    await ip('link', 'delete', `${name}h`).catch(() => {}); // gone with its namespace
    await ip('netns', 'delete', name);
  });
  await ip('netns', 'add', name);
  await ip('link', 'add', `${name}h`, 'type', 'veth', 'peer', 'name', `${name}n`, 'netns', name);
  await ip('address', 'add', `${at(1)}/29`, 'dev', `${name}h`);
  await ip('link', 'set', `${name}h`, 'up');
  for (const last of [2, 3]) await ip('-n', name, 'address', 'add', `${at(last)}/29`, 'dev', `${name}n`);
  await ip('-n', name, 'link', 'set', `${name}n`, 'up');
  const server = lifetime.own(
    await startChild('ip', ['netns', 'exec', name, process.execPath, '-e', SERVER]),
    (child) => child.stop(),
  );
  await waitUntil(() => server.output().includes('up'), { what: 'the stand-in for the internet to listen' });
  return { address: at(2), otherAddress: at(3) };
}
