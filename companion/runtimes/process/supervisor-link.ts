import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LineSplitter } from '../output/line-splitter.ts';
import type { SupervisorCommand, SupervisorReport } from './supervisor/protocol.ts';
import { supervisorReportSchema } from './supervisor/report-schema.ts';

/** A report is at most a cut line, each byte of which JSON may write as six characters. */
const MAX_REPORT_BYTES = 128 * 1024;
/** Of what the sandbox program or Node itself says on standard error, this much is kept for error messages. */
const KEPT_STDERR = 2_000;

/** The companion's end of a supervisor: commands out, checked reports in. */
export class SupervisorLink {
  /** Resolves when the supervisor's process is over, or could not be started. Never rejects. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #input: Writable;
  #stderr = '';
  #spawnError: Error | null = null;

  constructor(child: ChildProcess, onReport: (report: SupervisorReport) => void) {
    const { stdin, stdout, stderr } = child;
    if (!stdin || !stdout || !stderr) throw new TypeError('Expected a child process with three pipes');
    this.#child = child;
    this.#input = stdin;
    stdin.on('error', () => {}); // it is gone: `ended` tells
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#spawnError = error;
        if (child.pid === undefined) resolve();
      });
      // `close`, not `exit`: the last reports are read before anyone hears of the end.
      child.once('close', () => resolve());
    });
    readReports(stdout, onReport);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    stderr.on('error', () => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get child(): ChildProcess {
    return this.#child;
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#spawnError !== null;
  }

  /** Why it failed, as far as it said so. */
  get complaint(): string {
    return this.#stderr.trim() || this.#spawnError?.message || 'it said nothing';
  }

  send(command: SupervisorCommand): void {
    if (!this.#input.writableEnded) this.#input.write(`${JSON.stringify(command)}\n`);
  }

  /** Asks it to end everything in the pod and itself. */
  hangUp(): void {
    if (!this.#input.writableEnded) this.#input.end();
  }

  kill(): void {
    if (!this.isOver) this.#child.kill('SIGKILL');
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
