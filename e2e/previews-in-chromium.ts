import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll } from 'vitest';
import { type Chromium, startChromium } from './browsers/chromium.ts';
import { type Companion, startCompanion } from './companion.ts';
import { Lifetime } from './lifetime.ts';
import { makeProject } from './project.ts';

/** No Docker, whatever this machine has. */
const WITHOUT_DOCKER = { DOCKER_HOST: 'tcp://127.0.0.1:1' };

export interface OpenPreview {
  id: string;
  worktree: string;
  page: Page;
}

/** A companion and a Chromium for the tests of one file, from before its first test until after its last. */
export class PreviewsInChromium {
  readonly #lifetime = new Lifetime();
  #companion: Companion | undefined;
  #chromium: Chromium | undefined;

  constructor() {
    beforeAll(async () => {
      const lifetime = this.#lifetime;
      this.#companion = lifetime.own(await startCompanion({ env: WITHOUT_DOCKER }), (each) => each.stop());
      this.#chromium = lifetime.own(await startChromium(), (each) => each.stop());
    });
    afterAll(() => this.#lifetime.end());
  }

  get companion(): Companion {
    if (!this.#companion) throw new Error('Expected to be in a test');
    return this.#companion;
  }

  /** Previews a project of these files in a new tab, once it runs. */
  async open(files: Record<string, string>): Promise<OpenPreview> {
    const directory = this.#lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-project-')), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    const worktree = await makeProject(directory, files);
    const created = await this.companion.create({ taskId: directory, agentId: 'test', worktree });
    await this.companion.running(created.environmentId);
    const page = await this.#newPage();
    await page.goto(created.previewUrl);
    return { id: created.environmentId, worktree, page };
  }

  async close({ id, page }: OpenPreview): Promise<void> {
    await page.close();
    await this.companion.terminate(id);
  }

  /** What the preview's console holds so far. */
  async console(id: string): Promise<string> {
    const response = await this.companion.fetch(`/api/environments/${id}/console`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value = '' } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return value;
  }

  #newPage(): Promise<Page> {
    if (!this.#chromium) throw new Error('Expected to be in a test');
    return this.#chromium.browser.newPage();
  }
}
