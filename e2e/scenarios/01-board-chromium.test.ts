import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BoardStage, previewTwoTasks, setStage } from '../board/journey.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeSample } from '../sample.ts';

const JOURNEY_DEADLINE_MS = 180_000;

const lifetime = new Lifetime();
let companion: Companion;
let stage: BoardStage;

beforeAll(async () => {
  const { repository } = await makeSample(lifetime, { attempts: false });
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  stage = await setStage(lifetime, companion, repository);
});

afterAll(() => lifetime.end());

test(
  'two cards of a real board are previewed beside it, live and apart, and leave nothing',
  async () => {
    await previewTwoTasks(stage, companion);
    for (const { worktree } of [stage.warm, stage.night]) {
      expect((await stat(worktree)).isDirectory()).toBe(true);
    }
  },
  JOURNEY_DEADLINE_MS,
);
