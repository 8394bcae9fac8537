#!/usr/bin/env node
// Starts the CLI with a Node that runs TypeScript: the one that runs this, or the one installed beside Vitrine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MINIMUM_MAJOR = 24;
const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const bundled = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
const isNewEnough = Number(process.versions.node.split('.')[0]) >= MINIMUM_MAJOR;
const node = isNewEnough || !existsSync(bundled) ? process.execPath : bundled;
const cache = new URL('compile-cache.js', import.meta.url).href;
const { status, signal, error } = spawnSync(node, ['--import', cache, cli, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
if (error) throw error;
if (signal) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
