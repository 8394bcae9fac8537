import { expect, it } from 'vitest';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { isHeading, overlay, Previews, text, viteOverlay } from './testing/previews.ts';

const previews = Previews.inThisFile();

it('shows a mistake with its place over the app as it was, until it is mended', async () => {
  const { app, preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.click('button');
  preview.changed(await app.replace('src/app.tsx', '</main>', '</mane>'));
  await page.waitForSelector('vite-error-overlay');
  expect(await viteOverlay(page)).toMatch(/src\/app\.tsx:\d+:\d+/);
  expect(await text(page, 'button')).toBe('count 1');
  preview.changed(await app.replace('src/app.tsx', '</mane>', '</main>'));
  await page.waitForSelector('vite-error-overlay', { hidden: true });
  expect(await text(page, 'button')).toBe('count 1');
});

it('says what is wrong with a vite.config, with its place, and starts when it is mended', async () => {
  const { app, preview } = await previews.start({
    ...reactWithVite8,
    'vite.config.ts': 'export default {\n  plugins: [,\n',
  });
  const page = await previews.newPage();
  const response = await page.goto(preview.origin);
  expect(response?.status()).toBe(503);
  await page.waitForSelector('vitrine-error');
  expect(await overlay(page)).toContain('vite.config.ts:');
  preview.changed(await app.write('vite.config.ts', reactWithVite8['vite.config.ts'] ?? ''));
  await page.waitForSelector('button');
});

it('names an import that leads nowhere, keeps the page, and heals when the file comes to be', async () => {
  const { app, preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.click('button');
  preview.changed(await app.write('src/greeting.ts', "export { greeting } from './new-greeting.ts';\n"));
  await page.waitForSelector('vite-error-overlay');
  expect(await viteOverlay(page)).toMatch(/new-greeting\.ts[\s\S]*src\/greeting\.ts/);
  expect(await text(page, 'button')).toBe('count 1');
  preview.changed(await app.write('src/new-greeting.ts', "export const greeting = 'Found';\n"));
  await isHeading(page, 'Found');
  await page.waitForSelector('vite-error-overlay', { hidden: true });
});

it('names a plugin that fails and the file it failed on', async () => {
  const { app, preview } = await previews.start({
    ...reactWithVite8,
    'vite.config.ts': `import react from '@vitejs/plugin-react';
const picky = {
  name: 'picky',
  transform(code, id) {
    if (id.endsWith('greeting.ts') && code.includes('Forbidden')) this.error('That word is forbidden.');
  },
};
export default { plugins: [react(), picky] };
`,
  });
  const page = await previews.open(preview);
  await page.click('button');
  preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Forbidden';\n"));
  await page.waitForSelector('vite-error-overlay');
  const told = await viteOverlay(page);
  for (const part of ['picky', 'That word is forbidden.', 'src/greeting.ts']) expect(told).toContain(part);
  expect(await text(page, 'button')).toBe('count 1');
  preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Allowed';\n"));
  await isHeading(page, 'Allowed');
  expect(await text(page, 'button')).toBe('count 1');
});

it('tells of a component that throws with its place in the source, and heals on the next good save', async () => {
  const { app, preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  const good = await app.read('src/app.tsx');
  preview.changed(
    await app.replace(
      'src/app.tsx',
      '  return (',
      "  if (count === 0) throw new Error('Too few');\n  return (",
    ),
  );
  const thrown = await waitUntil(
    () => preview.console.find(({ level, text: line }) => level === 'error' && line.includes('Too few')),
    { what: 'the error in the console' },
  );
  // The line of the throw, as the file has it: Vite's code has another.
  expect(`${thrown.text}\n${thrown.stack}`).toMatch(/src\/app\.tsx:6:\d+/);
  preview.changed(await app.write('src/app.tsx', good.replace('count {count}', 'healed {count}')));
  await page.waitForFunction(() => document.querySelector('button')?.textContent === 'healed 0');
});

it('shows a mistake in the page itself to the page that is loaded for it', async () => {
  const { app, preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  const broken = '<script type="module">const = 1;</script></body>';
  preview.changed(await app.replace('index.html', '</body>', broken));
  await page.waitForSelector('vite-error-overlay');
  expect(await viteOverlay(page)).toContain('index.html');
  preview.changed(await app.replace('index.html', broken, '</body>'));
  await page.waitForSelector('vite-error-overlay', { hidden: true });
  await page.waitForSelector('button');
});

it('keeps the page over a vite.config that breaks later, says where, and starts anew when it is mended', async () => {
  const { app, preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.click('button');
  preview.changed(await app.write('vite.config.ts', 'export default {\n  plugins: [,\n'));
  await page.waitForSelector('vitrine-error');
  expect(await overlay(page)).toContain('vite.config.ts:3');
  expect(await text(page, 'button')).toBe('count 1');
  preview.changed(await app.write('vite.config.ts', reactWithVite8['vite.config.ts'] ?? ''));
  await page.waitForFunction(() => document.querySelector('button')?.textContent === 'count 0');
  expect(await page.$('vitrine-error')).toBeNull();
});
