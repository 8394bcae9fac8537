import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRunning } from '../leftovers.ts';
import { Lifetime } from '../lifetime.ts';
import { waitUntil } from '../wait-until.ts';
import { ACTS, WrongAnswer } from './acts.ts';
import { takeCensus } from './census.ts';
import { Random } from './random.ts';
import { type ChaosAttempt, makeWorld, type World } from './world.ts';

/*
 * Random acts, then a census. The seed is printed: VITRINE_CHAOS_SEED=<seed> plays the same acts again, as far as the
 * machine's own timing lets them be the same. VITRINE_CHAOS_ROUNDS=200 for an evening.
 */
const SEED = Number(process.env.VITRINE_CHAOS_SEED ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env.VITRINE_CHAOS_ROUNDS ?? 14);
const MAX_TOGETHER = 3;
/** Generous: a round may restart a daemon while environments start on it. */
const ROUND_DEADLINE_MS = 90_000;
const SETTLE_DEADLINE_MS = 90_000;
/** What ends after its environment did. */
const CENSUS_DEADLINE_MS = 20_000;
const MAX_KEPT_LINES = 400;

const lifetime = new Lifetime();
const log: string[] = [];
let world: World;

beforeAll(async () => {
  console.log(`chaos: seed ${SEED}, ${ROUNDS} rounds`);
  world = await makeWorld(lifetime, new Random(SEED));
});
afterAll(() => lifetime.end());

test(
  'whatever happens to them, environments are known and answer, or are gone with all they had',
  async () => {
    try {
      for (let round = 1; round <= ROUNDS; round += 1) await playRound(round);
      await settle();
      await census('after the rounds');
      for (const { id } of await world.companion.environments()) await world.companion.terminate(id);
      await census('after the end of all');
      await world.companion.hasNothingLeft();
    } catch (cause) {
      const said = world.companion.output().slice(-6_000);
      throw new Error(
        `Seed ${SEED} (VITRINE_CHAOS_SEED=${SEED} VITRINE_CHAOS_ROUNDS=${ROUNDS}). ${String(cause)}\n${log.slice(-MAX_KEPT_LINES).join('\n')}\nThe companion printed:\n${said}`,
        { cause },
      );
    }
  },
  (ROUNDS + 4) * ROUND_DEADLINE_MS,
);

/** Up to three acts at once, on whatever attempts. */
async function playRound(round: number): Promise<void> {
  const { random, attempts } = world;
  const count = 1 + random.whole(MAX_TOGETHER);
  const acts = Array.from({ length: count }, () => {
    const attempt = random.pick(attempts);
    const possible = ACTS.filter(({ needsEnvironment, name }) =>
      name === 'create'
        ? attempt.environmentId === undefined
        : !needsEnvironment || attempt.environmentId !== undefined,
    );
    return { attempt, act: random.weighted(possible) };
  });
  const start = performance.now();
  await Promise.all(
    acts.map(async ({ act, attempt }) => {
      // Another act of this round may have ended the environment, which an act says at once.
      const run = async () => act.run(world, attempt);
      const outcome = await within(run(), `${act.name} of ${attempt.name}`).catch(excuse);
      const at = `${round}. ${attempt.name} (${attempt.environmentId ?? '-'})`;
      log.push(`${at} ${act.name}: ${outcome} [${Math.round(performance.now() - start)} ms]`);
    }),
  );
  expect(await isRunning(world.companion.pid), 'the companion to be alive').toBe(true);
  expect((await world.companion.fetch('/healthz')).status).toBe(200);
  await forgetWhatIsGone();
}

/** Calls fail while what they need is down, and say so; a mistake of ours is no such failure. */
function excuse(error: unknown): string {
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error);
  if (error instanceof WrongAnswer || /"code":"INTERNAL"|did not come back|not within/.test(text))
    throw error;
  return `failed: ${text.slice(0, 300)}`;
}

async function within<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`not within ${ROUND_DEADLINE_MS} ms: ${what}`)),
      ROUND_DEADLINE_MS,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** A create may have reached a companion that was killed before it answered; another may have been lost with it. */
async function forgetWhatIsGone(): Promise<void> {
  const listed = await world.companion.environments();
  for (const attempt of world.attempts)
    attempt.environmentId = listed.find(({ worktree }) => worktree === attempt.worktree)?.id;
}

/** Everything that exists is brought up and has to answer as itself. */
async function settle(): Promise<void> {
  await world.docker.launch();
  for (const attempt of world.attempts) {
    if (attempt.environmentId === undefined) continue;
    await answers(attempt, attempt.environmentId);
  }
}

async function answers(attempt: ChaosAttempt, id: string): Promise<void> {
  const { companion } = world;
  const { status } = await companion.settled(id);
  log.push(`settle ${attempt.name} (${id}): ${status}`);
  // One that ended too often is left alone until somebody asks for it.
  if (status === 'failed') await companion.restartEnvironment(id);
  await waitUntil(
    async () => {
      const { status: code, body } = await companion.request(id, { path: '/api/who' });
      if (code === 200 && body === attempt.name) return true;
      const { failure } = await companion.environment(id);
      throw new Error(`${code} ${body.slice(0, 200)} ${JSON.stringify(failure)}`);
    },
    { what: `${attempt.name} (${id}) to answer`, deadlineMs: SETTLE_DEADLINE_MS, intervalMs: 500 },
  );
}

async function census(when: string): Promise<void> {
  let faults: string[] = [];
  const isClean = async () => {
    faults = await takeCensus(world);
    return faults.length === 0;
  };
  await waitUntil(isClean, { what: 'a clean census', deadlineMs: CENSUS_DEADLINE_MS, intervalMs: 500 }).catch(
    (cause) => {
      throw new Error(`The census ${when} found:\n${faults.join('\n')}`, { cause });
    },
  );
}
