import { expect, onTestFinished, test, vi } from 'vitest';
import type { Pod, Service, ServiceExit, ServiceSpec } from '../../runtimes/runtime.ts';
import { BuilderService } from './builder-service.ts';

const EXIT: ServiceExit = { code: 1, signal: null, outOfMemory: false };

/** A builder whose processes are ended by hand, in a pod that has nothing in it. */
async function startBuilder() {
  const started: { spec: ServiceSpec; end: (exit: ServiceExit) => void }[] = [];
  const pod = {
    node: process.execPath,
    connect: () => Promise.reject(new Error('Nothing listens.')),
    async startService(spec: ServiceSpec): Promise<Service> {
      const { promise, resolve } = Promise.withResolvers<ServiceExit>();
      started.push({ spec, end: resolve });
      return { name: spec.name, port: 1, exited: promise, stop: async () => resolve(EXIT) };
    },
  } as unknown as Pod; // all that is asked of it
  const onEnded = vi.fn();
  const builder = new BuilderService({
    pod,
    options: { root: '/w', worktree: '/w', cacheDirectory: '/c', vendorDirectory: '/v', appEnv: {} },
    env: {},
    resumes: () => false,
    onReady: async () => undefined,
    onEvent: () => undefined,
    onLine: () => undefined,
    onEnded,
    restartPausesMs: [1],
  });
  await builder.start(new AbortController().signal);
  onTestFinished(() => builder.close());
  const process_ = (index: number) => vi.waitFor(() => started[index] ?? expect.fail('not started'));
  return { builder, started, onEnded, process: process_ };
}

test('a builder that ends again and again is given up, and tried anew when a file changes', async () => {
  const { builder, onEnded, started, process } = await startBuilder();
  (await process(0)).end(EXIT);
  (await process(1)).end(EXIT);
  await vi.waitFor(() => expect(onEnded).toHaveBeenLastCalledWith(expect.anything(), true));
  await expect(builder.client()).rejects.toMatchObject({ code: 'BUILDER_DOWN' });
  expect(started).toHaveLength(2);
  await builder.changed(['/w/vite.config.ts']);
  await process(2);
  const client = builder.client();
  client.catch(() => undefined); // it is closed with the test
  await expect(Promise.race([client, Promise.resolve('waits')])).resolves.toBe('waits');
});

test('a builder whose heap is full says so, and which limit to raise', async () => {
  const { onEnded, process } = await startBuilder();
  const { spec, end } = await process(0);
  spec.onOutput(
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'stderr',
  );
  end({ code: null, signal: 'SIGABRT', outOfMemory: false });
  await vi.waitFor(() =>
    expect(onEnded).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'BUILDER_OUT_OF_MEMORY',
        remedy: expect.stringContaining('memory_mb'),
      }),
      false,
    ),
  );
});
