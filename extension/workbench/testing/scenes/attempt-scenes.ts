import { fail } from './fail.ts';
import { board, populate, repository } from './populate.ts';
import type { Scene } from './scene.ts';

/** The list of attempts, and the sources it comes from. */
export const ATTEMPT_SCENES: Scene[] = [
  { name: 'attempts-empty' },
  { name: 'attempts', prepare: populate },
  {
    name: 'attempts-filter-none',
    prepare: populate,
    act: async (page) => page.locator('.attempts input[type=search]').fill('nothing like it'),
  },
  {
    name: 'attempts-source-failed',
    prepare: (fake) => {
      populate(fake);
      const failure = {
        code: 'BOARD_UNREACHABLE',
        message: 'The board at http://localhost:3000 does not answer.',
        remedy: 'Start it with `npx vibe-kanban`, then try again.',
      };
      fake.attempts = {
        sources: [{ ...board, failure }, repository, { kind: 'repository', location: '/home/dev/empty' }],
        attempts: fake.attempts.attempts.filter((attempt) => attempt.source.kind === 'repository'),
      };
    },
  },
  {
    name: 'attempts-adding-refused',
    prepare: (fake) => {
      populate(fake);
      fake.intercept = (method, path) => {
        if (method === 'POST' && path === '/api/repositories')
          fail(
            'NOT_A_REPOSITORY',
            '/home/dev/nowhere is not a git repository.',
            'Give the folder that holds `.git`, or any folder in it.',
            400,
          );
      };
    },
    act: async (page) => {
      await page.locator('button[aria-label="Add a repository or board"]').click();
      await page.locator('.add-source .field').fill('/home/dev/nowhere');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.add-source .failure-notice');
    },
  },
];
