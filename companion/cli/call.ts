import { errorBodySchema, VitrineError } from '#shared/errors.ts';
import { type CompanionRecord, findCompanion, startCompanion } from '../native-host/find-companion.ts';
import { stateDirectory } from '../storage/state-directory.ts';

const CALL_DEADLINE_MS = 60_000;
const START_DEADLINE_MS = 20_000;

/** The running companion of this state directory, started when there is none. */
export async function reachCompanion(): Promise<CompanionRecord> {
  const home = stateDirectory();
  return (await findCompanion(home)) ?? startCompanion(home, AbortSignal.timeout(START_DEADLINE_MS));
}

/** The running companion; null when there is none. */
export const runningCompanion = (): Promise<CompanionRecord | null> => findCompanion(stateDirectory());

/** Calls the control API. Throws what the companion answers. The caller's schema parses the result. */
export async function call(
  companion: CompanionRecord,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${companion.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${companion.token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(CALL_DEADLINE_MS),
  });
  const text = await response.text();
  const parsed: unknown = text ? JSON.parse(text) : null;
  if (response.ok) return parsed;
  const { error } = errorBodySchema.parse(parsed);
  throw new VitrineError({ ...error, status: response.status });
}
