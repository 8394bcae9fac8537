import process from 'node:process';
import { startGateway } from '../gateway/server.ts';
import { LineSplitter } from '../output/line-splitter.ts';
import { freeze, kill, namespaceProcesses, signal } from './processes.ts';
import type { SupervisorCommand } from './protocol.ts';
import { Reporter } from './reporter.ts';
import { type RunningService, startService } from './service.ts';
import { tidyHeapLater } from './tidy-heap.ts';

/**
 * The first process of a pod: answers as its gateway and runs its services. Commands come as lines of JSON on
 * standard input, reports go out the same way. When the input ends, the companion is gone and so is the pod.
 */
const reporter = new Reporter();
const services = new Map<number, RunningService>();
let ownsProcesses = false;

/** Far above an environment and an argument list, which the kernel bounds as well. */
const MAX_COMMAND_BYTES = 16_000_000;

function endPod(code: number): never {
  for (const service of services.values()) service.killNow();
  if (ownsProcesses) kill(namespaceProcesses);
  process.exit(code);
}

async function initialise(command: Extract<SupervisorCommand, { type: 'init' }>): Promise<void> {
  if (command.user) {
    // Group first: afterwards there is no right left to change it. Capabilities end with the uid.
    process.setgroups?.([command.user.gid]);
    process.setgid?.(command.user.gid);
    process.setuid?.(command.user.uid);
  }
  ownsProcesses = command.ownsProcesses;
  const { secret, listen, outlets } = command;
  const { address } = await startGateway({ secret, listen, outlets });
  reporter.send({ type: 'ready', address });
}

function execute(command: SupervisorCommand): void {
  switch (command.type) {
    case 'init':
      initialise(command).catch((error: unknown) => {
        reporter.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      });
      return;
    case 'start':
      services.set(
        command.id,
        startService(command, reporter, () => {
          services.delete(command.id);
          tidyHeapLater();
        }),
      );
      return;
    case 'stop':
      void services.get(command.id)?.stop(command.graceMs);
      return;
    case 'suspend':
      // This process and the gateway in it keep running, so that resume always works.
      for (const service of services.values()) service.suspend();
      if (ownsProcesses) freeze(namespaceProcesses);
      reporter.send({ type: 'done', call: command.call });
      return;
    case 'resume':
      if (ownsProcesses) for (const pid of namespaceProcesses()) signal(pid, 'SIGCONT');
      for (const service of services.values()) service.resume();
      reporter.send({ type: 'done', call: command.call });
      return;
  }
}

// Only the companion decides; a Ctrl+C in its terminal reaches this process too.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => endPod(0));
process.on('SIGHUP', () => {});

/** Null for the line that is nobody's: Podman puts the body of the request to attach before what is written. */
function parseCommand(line: string): SupervisorCommand | null {
  try {
    return JSON.parse(line) as SupervisorCommand; // the companion is the only writer
  } catch {
    return null;
  }
}

const commands = new LineSplitter((line) => {
  const command = parseCommand(line);
  if (command) execute(command);
}, MAX_COMMAND_BYTES);
process.stdin.on('data', (chunk: Buffer) => commands.push(chunk)).on('close', () => endPod(0));
process.stdin.on('end', () => endPod(0));
