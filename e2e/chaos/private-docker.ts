import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../child.ts';
import { isRunning, mountsBelow, processesNaming } from '../leftovers.ts';
import { untilAnswers } from '../setup/docker.ts';
import { findProgram } from '../setup/requirements.ts';
import { waitUntil } from '../wait-until.ts';

const ENDED_DEADLINE_MS = 20_000;

/**
 * A Docker daemon of the test's own that may be killed. Its containerd is a process beside it, as on machines where
 * both are services of the system, so that containers outlive a daemon.
 */
export class PrivateDocker {
  readonly directory: string;
  readonly #program: string;
  #daemon: Child | undefined;
  #containerd: Child | undefined;

  private constructor(directory: string, program: string) {
    this.directory = directory;
    this.#program = program;
  }

  static async start(): Promise<PrivateDocker> {
    const program = await findProgram(['dockerd']);
    if (!program) throw new Error('Expected dockerd to be installed (Debian package docker.io)');
    const docker = new PrivateDocker(await mkdtemp(join(tmpdir(), 'vd-')), program);
    try {
      await docker.#launchContainerd();
      await docker.launch();
      return docker;
    } catch (thrown) {
      await docker.remove();
      throw thrown;
    }
  }

  get socketPath(): string {
    return join(this.directory, 'docker.sock');
  }

  get isUp(): boolean {
    return this.#daemon !== undefined;
  }

  async launch(): Promise<void> {
    if (this.#daemon) return;
    const at = (name: string) => join(this.directory, name);
    // What a killed daemon left would keep the next one from starting.
    await rm(at('pid'), { force: true });
    const log = openSync(at('log'), 'a');
    try {
      this.#daemon = await startChild(
        this.#program,
        [
          ...['--host', `unix://${this.socketPath}`, '--pidfile', at('pid')],
          ...['--data-root', at('data'), '--exec-root', at('exec'), '--containerd', at('containerd.sock')],
          ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
        ],
        { stdio: ['ignore', log, log], detached: true },
      );
    } finally {
      closeSync(log);
    }
    await untilAnswers(this.socketPath).catch(async (cause) => {
      const said = (await readFile(at('log'), 'utf8')).slice(-2_000);
      throw new Error(`dockerd did not come back. It said:\n${said}`, { cause });
    });
  }

  async #launchContainerd(): Promise<void> {
    const program = await findProgram(['containerd']);
    if (!program) throw new Error('Expected containerd to be installed (Debian package containerd)');
    const at = (name: string) => join(this.directory, name);
    const config = `version = 2
root = "${at('containerd/root')}"
state = "${at('containerd/state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${at('containerd.sock')}"
`;
    await writeFile(at('containerd.toml'), config);
    this.#containerd = await startChild(program, ['--config', at('containerd.toml')], { detached: true });
    await waitUntil(() => stat(at('containerd.sock')), { what: 'containerd to listen' });
  }

  /** As a crash, or in the orderly way. Nothing but the daemon's own process is signalled. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const daemon = this.#daemon;
    if (!daemon) return;
    this.#daemon = undefined;
    process.kill(daemon.pid, signal);
    await waitUntil(async () => !(await isRunning(daemon.pid)), {
      what: 'the Docker daemon to end',
      deadlineMs: ENDED_DEADLINE_MS,
    });
  }

  /** Ends it with everything it started, and removes its data. */
  async remove(): Promise<void> {
    await this.end('SIGTERM').catch(() => this.end('SIGKILL'));
    await this.#containerd?.stop();
    // Shims outlive it, and containers them.
    for (const { pid } of await processesNaming(this.directory)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended by itself meanwhile.
      }
    }
    await waitUntil(async () => (await processesNaming(this.directory)).length === 0, {
      what: 'what the Docker daemon started to end',
    });
    for (const point of (await mountsBelow(this.directory)).toReversed()) {
      await (await startChild('umount', ['-l', point])).exited;
    }
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
