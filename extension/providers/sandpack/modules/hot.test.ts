import { afterEach, describe, expect, it } from 'vitest';
import type { EvaluatedModule } from '../bundler.ts';
import { createHotContext, entered, notify, prune, settle } from './hot.ts';

interface Hot {
  data: Record<string, unknown>;
  accept(first?: unknown, callback?: unknown): void;
  dispose(callback: (data: Record<string, unknown>) => void): void;
  prune(callback: () => void): void;
  invalidate(): void;
  on(event: string, listener: (data: unknown) => void): void;
}

const accepted: { paths?: string[] | undefined; callback?: (() => void) | undefined }[] = [];
afterEach(() => {
  accepted.length = 0;
});

function evaluate(
  path: string,
  exports: Record<string, unknown>,
  flags = { self: true, deps: [] as string[] },
): Hot {
  const module: EvaluatedModule = {
    exports,
    hot: { accept: (paths, callback) => accepted.push({ paths, callback }) },
  };
  entered(module, path, flags);
  return createHotContext(path) as Hot; // typed as the page sees it
}

describe('import.meta.hot', () => {
  it('gives the callback of the old module the exports of the new one, after the evaluation', () => {
    const seen: unknown[] = [];
    evaluate('/a.js', { v: 1 }).accept((module: { v: number }) => seen.push(module.v));
    evaluate('/a.js', { v: 2 });
    expect(seen).toEqual([]);
    settle();
    expect(seen).toEqual([2]);
    settle();
    expect(seen).toEqual([2]);
  });

  it('keeps data from one evaluation to the next, by way of dispose', () => {
    evaluate('/b.js', {}).dispose((data) => {
      data.kept = 'yes';
    });
    expect(evaluate('/b.js', {}).data).toEqual({ kept: 'yes' });
  });

  it('tells an importer of the dependency it accepts', () => {
    const seen: unknown[] = [];
    evaluate('/dep.js', { v: 1 });
    evaluate('/owner.js', {}, { self: false, deps: ['/dep.js'] }).accept('/dep.js', (module: { v: number }) =>
      seen.push(module.v),
    );
    evaluate('/dep.js', { v: 2 });
    for (const { paths, callback } of accepted) if (paths?.includes('/dep.js')) callback?.();
    settle();
    expect(seen).toEqual([2]);
  });

  it('reports the modules that refuse their update', () => {
    const hot = evaluate('/c.js', {});
    hot.accept(() => hot.invalidate());
    evaluate('/c.js', {});
    expect(settle()).toEqual(['/c.js']);
    expect(settle()).toEqual([]);
  });

  it('cleans up after what is no longer imported', () => {
    const calls: string[] = [];
    const hot = evaluate('/d.js', {});
    hot.dispose(() => calls.push('dispose'));
    hot.prune(() => calls.push('prune'));
    prune('/d.js');
    prune('/d.js');
    expect(calls).toEqual(['dispose', 'prune']);
  });

  it('passes events on', () => {
    const seen: unknown[] = [];
    evaluate('/e.js', {}).on('custom:event', (data) => seen.push(data));
    notify('custom:event', { a: 1 });
    expect(seen).toEqual([{ a: 1 }]);
  });
});
