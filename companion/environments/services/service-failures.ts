import type { Failure } from '#shared/api/environment.ts';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { commandText, runsImagesOwn, type ServicePlan } from '../../detection/service-plan.ts';
import type { LimitEvent, ServiceExit } from '../../runtimes/runtime.ts';

const FILES_REMEDY = 'Correct what its log names; it is started again as soon as its files change.';
const RESTART_REMEDY = 'Correct what its log names, then restart the preview.';

/** What runs the frontend, in the sandbox of the services. */
const OF_FRONTEND = new Set(['frontend', 'builder']);

const titleOf = (plan: ServicePlan) => `The service "${plan.name}" (${commandText(plan)})`;

const said = (lastLines: readonly string[]) =>
  lastLines.length > 0 ? ` Its last lines: ${lastLines.join(' ⏎ ')}` : ' It printed nothing.';

const remedyOf = (plan: ServicePlan) => (runsImagesOwn(plan) ? RESTART_REMEDY : FILES_REMEDY);

/** The service ended by itself. `limit` is what it was ended for, where that was told. */
export function exitFailure(
  plan: ServicePlan,
  exit: ServiceExit,
  lastLines: readonly string[],
  limits: ResourceLimits,
  limit?: LimitEvent['limit'],
): Failure {
  const reached = exit.outOfMemory ? 'memory' : exit.outOfDisk ? 'disk' : limit;
  if (reached) return limitFailure({ limit: reached, service: plan.name, ended: true }, limits);
  const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
  return {
    code: 'BACKEND_EXITED',
    message: `${titleOf(plan)} ${how}.${said(lastLines)}`,
    remedy: remedyOf(plan),
  };
}

/** The service ended again and again, `times` within `withinMs`, the last time for `last`. */
export function crashLoop(last: Failure, times: number, withinMs: number): Failure {
  const seconds = Math.max(1, Math.round(withinMs / 1000));
  const message = `${last.message} It ended ${times} times within ${seconds} s and is left alone now.`;
  return { ...last, message };
}

export const notListening = (
  plan: ServicePlan,
  port: number,
  timeoutMs: number,
  lastLines: readonly string[],
): Failure => ({
  code: 'BACKEND_NOT_LISTENING',
  message: `${titleOf(plan)} did not answer on port ${port}${plan.health.path ? ` at ${plan.health.path}` : ''} within ${timeoutMs / 1000} s.${said(lastLines)}`,
  remedy:
    'Make it listen on the port in the PORT variable, or set isolation.backend.port to the one it uses.',
});

export const unhealthy = (plan: ServicePlan): Failure => ({
  code: 'BACKEND_UNHEALTHY',
  message: `${titleOf(plan)} runs, but did not answer ${plan.health.path} below 500 three times in a row: it gets no requests until it does.`,
  remedy: 'Look at its log in the console, or restart the preview.',
});

export function notStarted(plan: ServicePlan, error: Error): Failure {
  const remedy =
    error instanceof VitrineError
      ? error.remedy
      : 'Check isolation.backend.command and that the program is installed.';
  return {
    code: 'BACKEND_NOT_STARTED',
    message: `${titleOf(plan)} could not be started: ${error.message}`,
    remedy,
  };
}

/** What a reached limit means, in words. */
export function limitFailure({ limit, service, ended }: LimitEvent, limits: ResourceLimits): Failure {
  const who = service === undefined ? 'A process of the sandbox' : `The service "${service}"`;
  const raise = (key: keyof ResourceLimits) => `Raise isolation.backend.resource_limits.${key}`;
  if (limit === 'memory') {
    return {
      code: 'BACKEND_OUT_OF_MEMORY',
      message: ended
        ? `${who} was ended: the sandbox used more than its ${limits.memory_mb} MB of memory.`
        : `The sandbox reached its ${limits.memory_mb} MB of memory.`,
      remedy: `${OF_FRONTEND.has(service ?? '') ? 'Raise isolation.frontend.memory_mb' : raise('memory_mb')}, or look for what grows.`,
    };
  }
  if (limit === 'disk') {
    return {
      code: 'BACKEND_OUT_OF_DISK',
      message: ended
        ? `${who} was ended: the sandbox wrote more than its ${limits.disk_mb} MB of disk.`
        : `The sandbox used up its ${limits.disk_mb} MB of disk: what is written beyond is refused.`,
      remedy: `${raise('disk_mb')}, or look for what is written (logs, uploads, caches).`,
    };
  }
  return {
    code: 'BACKEND_OUT_OF_PROCESSES',
    message: ended
      ? `${who} was ended: the sandbox had more than its ${limits.pids} processes and threads.`
      : `The sandbox reached its ${limits.pids} processes and threads: more are refused.`,
    remedy: `${raise('pids')}, or look for what starts them.`,
  };
}
