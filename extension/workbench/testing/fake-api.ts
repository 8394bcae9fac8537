import type { ServerResponse } from 'node:http';
import { addBoardSchema, addRepositorySchema } from '#shared/api/attempt.ts';
import { createEnvironmentSchema, switchProviderSchema } from '#shared/api/environment.ts';
import { evaluateSchema } from '#shared/api/evaluate.ts';
import { feedbackSchema } from '#shared/api/metrics.ts';
import { allowHostSchema } from '#shared/api/network.ts';
import { VitrineError } from '#shared/errors.ts';
import type { FakeCompanion } from './fake-companion.ts';
import { sampleMetrics, stepsAt } from './sample-data.ts';
import { makeDetail } from './sample-network.ts';
import { sendJson } from './send-json.ts';

/** Answers a request to the API of a fake companion, over what the test put into it. */
export function answerApi(
  fake: FakeCompanion,
  { method, url, body }: { method: string; url: URL; body: unknown },
  response: ServerResponse,
): void {
  const { pathname: path, searchParams: query } = url;
  const [, , collection, id, action] = path.split('/');
  const known = id === undefined ? undefined : fake.environments.get(id);
  if (collection === 'metrics') sendJson(response, 200, id === 'history' ? fake.history : sampleMetrics());
  else if (collection === 'attempts') sendJson(response, 200, fake.attempts);
  else if (collection === 'repositories' || collection === 'boards') {
    changeSources(fake, method, collection, body);
    response.writeHead(204).end();
  } else if (collection !== 'environments' || (id !== undefined && !known)) {
    throw new VitrineError({
      code: 'NO_SUCH_ENVIRONMENT',
      message: `There is no environment "${id}".`,
      remedy: 'List them with `vitrine list`.',
      status: 404,
    });
  } else if (!known && method === 'POST') sendJson(response, 201, create(fake, body));
  else if (!known) sendJson(response, 200, { environments: [...fake.environments.values()] });
  else if (action === 'network' && path.endsWith('/replay')) sendJson(response, 200, { status: 201 });
  else if (action === 'network') answerNetwork(fake, method, known.id, path.split('/')[5], response);
  else if (action === 'network.har') sendJson(response, 200, { log: { version: '1.2', entries: [] } });
  else if (action === 'tree' || action === 'source' || action === 'base' || action === 'search')
    sendJson(response, 200, fake.sources.answer(action, method, query, body));
  else if (action === 'config') sendJson(response, 200, fake.config.answer(method, path.split('/')[5], body));
  else if (action === 'evaluate') sendJson(response, 200, fake.evaluate(evaluateSchema.parse(body)));
  else if (action === 'feedback') {
    const { useful } = feedbackSchema.parse(body);
    sendJson(response, 200, fake.put({ id: known.id, useful: useful ?? undefined }));
  } else if (action === 'usage') sendJson(response, 200, { samples: fake.usage.get(known.id) ?? [] });
  else if (action === 'egress') {
    const { host } = allowHostSchema.parse(body);
    const egress = { policy: 'allowlist' as const, allowed: [...known.egress.allowed, host] };
    sendJson(response, 200, fake.put({ id: known.id, egress }).egress);
  } else if (action === 'suspend') sendJson(response, 200, fake.put({ id: known.id, status: 'suspended' }));
  else if (action === 'resume') sendJson(response, 200, fake.put({ id: known.id, status: 'running' }));
  else if (action === 'provider') {
    const { provider } = switchProviderSchema.parse(body);
    sendJson(response, 200, fake.put({ id: known.id, provider, providerReason: 'chosen by you' }));
  } else if (action === 'restart' || action === 'retry') {
    const change = { status: 'initializing', steps: stepsAt('backend'), failure: undefined } as const;
    sendJson(response, 200, fake.put({ id: known.id, ...change }));
  } else if (method === 'DELETE') {
    fake.remove(known.id);
    response.writeHead(204).end();
  } else sendJson(response, 200, { ...known, previewUrl: previewUrl(fake, known.id) });
}

function answerNetwork(
  fake: FakeCompanion,
  method: string,
  id: string,
  requestId: string | undefined,
  response: ServerResponse,
): void {
  const requests = fake.network.get(id) ?? [];
  if (method === 'DELETE') {
    fake.network.delete(id);
    response.writeHead(204).end();
  } else if (requestId === undefined) {
    const cursor = requests.at(-1)?.id ?? 0;
    sendJson(response, 200, { requests, cursor, hasMore: false, oldestId: requests[0]?.id ?? 1 });
  } else {
    const request = requests.find((each) => each.id === Number(requestId));
    if (request) return sendJson(response, 200, makeDetail(request));
    throw new VitrineError({
      code: 'NO_SUCH_REQUEST',
      message: `Request ${requestId} is not kept any more.`,
      remedy: 'Ask the page for it again.',
      status: 404,
    });
  }
}

function create(fake: FakeCompanion, body: unknown) {
  const request = createEnvironmentSchema.parse(body);
  const found = [...fake.environments.values()].find(({ taskId }) => taskId === request.taskId);
  const environment =
    found ??
    fake.put({
      id: `env-${fake.environments.size + 1}`,
      taskId: request.taskId,
      agentId: request.agentId,
      title: request.title ?? request.taskId,
      worktree: request.worktree ?? '/home/dev/worktrees/new',
      status: 'initializing',
      steps: stepsAt('sandbox'),
    });
  const { id } = environment;
  return { environmentId: id, previewUrl: previewUrl(fake, id), backendUrl: fake.originOf(id) };
}

function changeSources(
  fake: FakeCompanion,
  method: string,
  collection: 'repositories' | 'boards',
  body: unknown,
): void {
  const kind = collection === 'boards' ? 'board' : 'repository';
  const location =
    collection === 'boards' ? addBoardSchema.parse(body).url : addRepositorySchema.parse(body).path;
  const others = fake.attempts.sources.filter((source) => source.location !== location);
  const sources = method === 'POST' ? [...others, { kind, location } as const] : others;
  fake.attempts = { ...fake.attempts, sources };
}

function previewUrl(fake: FakeCompanion, id: string): string {
  return `${fake.originOf(id)}/?__vitrine_ticket=${Math.random().toString(36).slice(2)}`;
}
