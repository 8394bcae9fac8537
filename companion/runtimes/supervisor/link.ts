import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { VitrineError } from '#shared/errors.ts';
import type { GatewayAddress } from '../gateway/protocol.ts';
import { LineSplitter } from '../output/line-splitter.ts';
import { podGone } from './pod-errors.ts';
import type { SupervisorCommand, SupervisorReport } from './protocol.ts';
import { supervisorReportSchema } from './report-schema.ts';

/** A report is at most a cut line, each byte of which JSON may write as six characters. */
const MAX_REPORT_BYTES = 128 * 1024;
/** Of what the sandbox program or Node itself says on standard error, this much is kept for error messages. */
const KEPT_STDERR = 2_000;
/** Answers to suspend and resume. */
const CALL_DEADLINE_MS = 10_000;

/** The process that a supervisor is, wherever it runs. */
export interface SupervisorProcess {
  input: Writable;
  output: Readable;
  errors: Readable;
  /** Resolves when it is over and its output was read, with why it could not be started. Never rejects. */
  ended: Promise<Error | null>;
  isOver(): boolean;
  kill(): void;
}

/** The companion's end of a supervisor: commands out, checked reports in. */
export class SupervisorLink {
  /** Resolves when the supervisor's process is over, or could not be started. Never rejects. */
  readonly ended: Promise<void>;
  /** Where its gateway listens, by its own word; rejects when it says that it cannot. */
  readonly ready: Promise<GatewayAddress>;
  readonly #process: SupervisorProcess;
  readonly #calls = new Map<number, () => void>();
  #nextCall = 1;
  #stderr = '';
  #spawnError: Error | null = null;

  /** `onReport` is told what becomes of services. */
  constructor(supervisor: SupervisorProcess, onReport: (report: SupervisorReport) => void) {
    const { input, output, errors } = supervisor;
    this.#process = supervisor;
    input.on('error', () => {}); // it is gone: `ended` tells
    const ready = Promise.withResolvers<GatewayAddress>();
    this.ready = ready.promise;
    this.ready.catch(() => undefined); // told by whoever waits for it
    readReports(output, (report) => {
      if (report.type === 'ready') ready.resolve(report.address);
      else if (report.type === 'failed') ready.reject(new Error(report.message));
      else if (report.type === 'done') this.#calls.get(report.call)?.();
      else onReport(report);
    });
    errors.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    errors.on('error', () => {});
    this.ended = supervisor.ended.then((error) => {
      this.#spawnError = error;
      for (const settle of this.#calls.values()) settle();
    });
  }

  get isOver(): boolean {
    return this.#process.isOver() || this.#spawnError !== null;
  }

  /** Why it failed, as far as it said so. */
  get complaint(): string {
    return this.#stderr.trim() || this.#spawnError?.message || 'it said nothing';
  }

  send(command: SupervisorCommand): void {
    const { input } = this.#process;
    if (!input.writableEnded) input.write(`${JSON.stringify(command)}\n`);
  }

  /** Has it freeze or thaw the services. Rejects with POD_GONE, or POD_UNRESPONSIVE after 10 s. */
  call(type: 'suspend' | 'resume'): Promise<void> {
    if (this.isOver) return Promise.reject(podGone());
    const call = this.#nextCall;
    this.#nextCall += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(timedOut(type)), CALL_DEADLINE_MS);
      const settle = (error?: VitrineError) => {
        clearTimeout(timer);
        this.#calls.delete(call);
        if (error) reject(error);
        else resolve();
      };
      this.#calls.set(call, () => settle(this.isOver ? podGone() : undefined));
      this.send({ type, call });
    });
  }

  /** Asks it to end everything in the pod and itself. */
  hangUp(): void {
    const { input } = this.#process;
    if (!input.writableEnded) input.end();
  }

  kill(): void {
    if (!this.isOver) this.#process.kill();
  }
}

/** A supervisor that is a child of the companion, started with pipes as leader of a process group. */
export function childSupervisor(child: ChildProcess): SupervisorProcess {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new TypeError('Expected a child process with three pipes');
  return {
    input: stdin,
    output: stdout,
    errors: stderr,
    ended: new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) resolve(error);
      });
      // `close`, not `exit`: the last reports are read before anyone hears of the end.
      child.once('close', () => resolve(null));
    }),
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => killWithGroup(child),
  };
}

/** With what it started: bubblewrap that ends while it makes a sandbox leaves a child that waits for it forever. */
function killWithGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Over meanwhile: `ended` tells.
  }
}

function readReports(stdout: Readable, onReport: (report: SupervisorReport) => void): void {
  const splitter = new LineSplitter((line) => {
    const report = parseReport(line);
    if (report) onReport(report);
  }, MAX_REPORT_BYTES);
  stdout.on('data', (chunk: Buffer) => splitter.push(chunk));
  stdout.on('error', () => {});
}

/** Null for anything that is not a report: a service can write to this pipe if it tries hard. */
function parseReport(line: string): SupervisorReport | null {
  try {
    const parsed = supervisorReportSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function timedOut(type: string): VitrineError {
  return new VitrineError({
    code: 'POD_UNRESPONSIVE',
    message: `The sandbox did not ${type} within ${CALL_DEADLINE_MS / 1000} s`,
    remedy: 'Restart the environment.',
    status: 504,
  });
}
