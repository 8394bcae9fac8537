import type { EnvironmentStatus } from '#shared/api/environment.ts';

/** Changes of the list are told at most this often, but for those of a status. */
const INTERVAL_MS = 100;

/** What a list is told from: all environments, and when one of them changes. */
export interface ListSource {
  list(): readonly { record: { id: string; status: EnvironmentStatus }; view(): unknown }[];
  onChange(listener: () => void): () => void;
}

/**
 * Tells the list of environments now and after changes. Each status is told, however short: whoever waits for a
 * preview is told of it by the step from "initializing" to "running". Returns the way to end it.
 */
export function followList(source: ListSource, send: (text: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let statuses = '';
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    statuses = statusesOf(source);
    send(JSON.stringify({ environments: source.list().map((each) => each.view()) }));
  };
  const leave = source.onChange(() => {
    if (statusesOf(source) !== statuses) tell();
    else timer ??= setTimeout(tell, INTERVAL_MS);
  });
  tell();
  return () => {
    clearTimeout(timer);
    leave();
  };
}

const statusesOf = (source: ListSource): string =>
  source
    .list()
    .map(({ record }) => `${record.id} ${record.status}`)
    .join('\n');
