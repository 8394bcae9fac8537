import { expect, it } from 'vitest';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { Previews } from './testing/previews.ts';

const previews = Previews.inThisFile();

it('leaves an app the document that its own dev server would give it', async () => {
  const { preview } = await previews.start({
    ...reactWithVite8,
    'index.html': `<!doctype html>
<!-- the <head> is below -->
<html lang="en">
  <head><title>Own</title><script type="application/json">{"own":true}</script></head>
  <body><button>go</button><script>
    const found = { first: document.scripts[0].textContent, data: document.querySelector('script[type="application/json"]').textContent };
  </script><script>
    document.body.dataset.found = JSON.stringify({ ...found, head: [...document.head.children].map(({ localName }) => localName) });
  </script></body>
</html>
`,
  });
  const page = await previews.open(preview);
  const found = await page.$eval('body', ({ dataset }) => JSON.parse(dataset.found ?? '') as unknown);
  expect(found).toEqual({
    first: '{"own":true}',
    data: '{"own":true}',
    // Vite puts its client into the comment.
    head: ['title', 'script'],
  });
  expect(await page.$$eval('script[src^="/__vitrine/"]', (scripts) => scripts.length)).toBe(0);
});
