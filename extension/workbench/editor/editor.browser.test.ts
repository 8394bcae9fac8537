import { describe, expect, it, vi } from 'vitest';
import { makeEntry } from '../testing/sample-data.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();

async function openFile(path: string): Promise<void> {
  await bench.openCart();
  await bench.page.locator('.editor-handle').click();
  await bench.page.locator('.editor-filter input').fill(path);
  await bench.page.waitForFunction(() => document.querySelectorAll('.file-tree .grid-row').length === 1);
  await bench.page.locator('.file-tree .grid-row').click();
}

async function typeIn(text: string): Promise<void> {
  await bench.page.waitForSelector('.cm-content');
  await bench.page.focus('.cm-content');
  await bench.page.keyboard.type(text);
}

const onDisk = (path: string) => bench.fake.sources.files.get(path);
const changeOnDisk = (path: string, content: string) => {
  bench.fake.sources.files.set(path, content);
  bench.fake.send('cart', { channel: 'state', data: { type: 'file_change', paths: [path] } });
};

describe('the editor', () => {
  it('shows everything the attempt changed in one view', async () => {
    await openFile('src/app.tsx');
    await bench.page.locator('.editor-sidebar .segments label:nth-of-type(3)').click();
    await bench.page.locator('.all-changes .button').click();
    await bench.page.waitForSelector('.changed-file .cm-editor');
    const names = await bench.page.$$eval('.changed-file summary bdi', (found) =>
      found.map((name) => name.textContent),
    );
    expect(names).toEqual(expect.arrayContaining(['README.md', 'src/app.tsx', 'src/old.ts']));
    expect(await bench.textOf('.diff-bar')).toContain(`${names.length} files changed`);
    await bench.page.focus('.changed-file summary');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForFunction(() => document.querySelector('.changed-file:not([open])'));
  });

  it('saves by itself what is typed, with the file’s own line ends', async () => {
    bench.fake.sources.files.set('src/crlf.ts', 'one\r\ntwo\r\n');
    await openFile('src/crlf.ts');
    await typeIn('let zero;\n');
    await vi.waitFor(() => expect(onDisk('src/crlf.ts')).toBe('let zero;\r\none\r\ntwo\r\n'), 5_000);
    await bench.page.waitForFunction(() => !document.querySelector('.dirty'));
  });

  it('saves what was typed while the companion was away once it is back', async () => {
    await openFile('src/style.css');
    await bench.page.waitForSelector('.cm-content');
    bench.fake.intercept = (method) => {
      if (method === 'PUT') throw new Error('Away.');
    };
    await typeIn('typed ');
    await bench.page.waitForSelector('.editor .failure-notice');
    bench.fake.intercept = () => {};
    bench.fake.dropSockets();
    await vi.waitFor(() => expect(onDisk('src/style.css')).toMatch(/^typed main/), 15_000);
    await bench.page.waitForFunction(() => !document.querySelector('.editor .failure-notice'));
  });

  it('takes in what an agent writes while somebody types, and keeps the cursor', async () => {
    bench.fake.sources.autoSave = false;
    bench.fake.sources.files.set('src/list.ts', 'a\nb\nc\nd\n');
    await openFile('src/list.ts');
    await typeIn('mine ');
    changeOnDisk('src/list.ts', 'a\nb\nc\ntheirs\n');
    await bench.page.waitForFunction(() =>
      document.querySelector('.cm-content')?.textContent?.includes('theirs'),
    );
    await bench.page.keyboard.type('too ');
    expect(await bench.textOf('.cm-line')).toBe('mine too a');
    await bench.page.keyboard.down('Control');
    await bench.page.keyboard.press('s');
    await bench.page.keyboard.up('Control');
    await vi.waitFor(() => expect(onDisk('src/list.ts')).toBe('mine too a\nb\nc\ntheirs\n'), 5_000);
  });

  it('changes nothing in read-only mode, and goes on where it was after it', async () => {
    await openFile('src/style.css');
    await typeIn('one ');
    await vi.waitFor(() => expect(onDisk('src/style.css')).toMatch(/^one main/), 5_000);
    const lock = 'button[aria-label="Read-only mode"]';
    await bench.page.locator(lock).click();
    await bench.page.waitForSelector('.cm-content[aria-readonly]');
    await typeIn('two ');
    await bench.page.locator(lock).click();
    await bench.page.waitForSelector('.cm-content:not([aria-readonly])');
    await typeIn('three ');
    await vi.waitFor(() => expect(onDisk('src/style.css')).toMatch(/^one three main/), 5_000);
  });

  it('shows a conflict, writes nothing until somebody has chosen, and then what was chosen', async () => {
    await openFile('src/style.css');
    bench.fake.intercept = (method, path) => {
      if (method === 'PUT' && path.endsWith('/source'))
        bench.fake.sources.files.set('src/style.css', 'theirs\n');
    };
    await typeIn('mine ');
    await bench.page.waitForSelector('.editor-notice');
    bench.fake.intercept = () => {};
    expect(onDisk('src/style.css')).toBe('theirs\n');
    await bench.page.locator('.editor-notice .failure-actions .button:nth-of-type(2)').click();
    await vi.waitFor(() => expect(onDisk('src/style.css')).toMatch(/^mine main/), 5_000);
    await bench.page.waitForFunction(() => !document.querySelector('.editor-notice'));
  });

  it('shows what cannot be edited as what it is', async () => {
    await openFile('public/logo.png');
    await bench.page.waitForFunction(() =>
      document.querySelector('.editor-message')?.textContent?.includes('not text'),
    );
    expect(await bench.page.$('.cm-content')).toBeNull();
  });

  it('shows hostile names and hidden characters as what they are', async () => {
    await openFile('onerror');
    await bench.page.waitForSelector('.cm-specialChar');
    expect(await bench.page.$$('.editor img[src]')).toEqual([]);
    await bench.page.waitForSelector('.editor-tab');
    expect(await bench.textOf('.editor-tab')).toContain('<img src=x');
  });

  it('shows a name that is not valid UTF-8 as such, and its file read-only', async () => {
    await openFile('gr\ufffd\ufffde');
    await bench.page.waitForSelector('.cm-content');
    expect(await bench.textOf('.file-tree .file bdi')).toContain('gr\ufffd\ufffde.ts');
    expect(await bench.textOf('.file-tree .odd-name')).toContain('not valid UTF-8');
    expect(await bench.textOf('.editor-tab.active')).toContain('gr\ufffd\ufffde.ts');
    expect(await bench.textOf('.editor-hint')).toContain('Read-only: the name of this file');
    await typeIn('mine ');
    expect(await bench.textOf('.cm-content')).not.toContain('mine');
    const read = bench.page.waitForResponse((response) => response.url().includes('/source?path='));
    changeOnDisk('src/gr\0fc\0dfe.ts', 'export const other = 1;\n');
    // As the watcher tells it.
    bench.fake.send('cart', {
      channel: 'state',
      data: { type: 'file_change', paths: ['src/gr\ufffd\ufffde.ts'] },
    });
    expect(new URL((await read).url()).searchParams.get('path')).toBe('src/gr\0fc\0dfe.ts');
    await bench.page.waitForFunction(() =>
      document.querySelector('.cm-content')?.textContent?.includes('other'),
    );
  });

  it('shows hostile names and lines in lists, tabs and diffs as what they are, and opens no endless line by itself', async () => {
    const names = ['src/\u202etxt.exe.ts', 'src/new\nline.ts', 'src/<b>bold</b>.ts'];
    for (const name of names) bench.fake.sources.files.set(name, `<b>x</b> \u2066 ${name}\ufffd\n`);
    bench.fake.sources.files.set('dist/min.js', `var a="${'x'.repeat(1_000_000)}";`);
    await openFile('.exe.ts');
    await bench.page.waitForSelector('.cm-content');
    await bench.page.locator('.editor-sidebar .segments label:nth-of-type(3)').click();
    await bench.page.locator('.all-changes .button').click();
    await bench.page.waitForSelector('.changed-file .cm-editor');
    const shown = await bench.textOf('.workbench');
    expect(shown).toContain('src/txt.exe.ts');
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(await bench.page.$$('.editor b')).toEqual([]);
    const closed = await bench.page.$$eval('.changed-file:not([open]) summary bdi', (found) =>
      found.map((name) => name.textContent),
    );
    expect(closed).toEqual(['dist/min.js']);
    // Its own place in a line of its own: nothing runs over its neighbours.
    const widest = await bench.page.$eval('.editor', (editor) => editor.scrollWidth - editor.clientWidth);
    expect(widest).toBe(0);
  });

  it('opens a line of a megabyte without stopping', async () => {
    bench.fake.sources.files.set('dist/min.js', `var a="${'x'.repeat(1_000_000)}";`);
    await openFile('dist/min.js');
    await bench.page.waitForSelector('.cm-content', { timeout: 10_000 });
    await typeIn('let b;\n');
    await vi.waitFor(() => expect(onDisk('dist/min.js')?.startsWith('let b;\nvar a=')).toBe(true), 10_000);
  });

  it('shows what the attempt changed, side by side and inline', async () => {
    await openFile('src/app.tsx');
    await bench.page.locator('button[aria-label="What the attempt changed in this file"]').click();
    await bench.page.locator('.diff-bar .segments label:nth-of-type(1)').click();
    await bench.page.waitForSelector('.diff-split .cm-changedLine');
    await bench.page.locator('.diff-bar .segments label:nth-of-type(2)').click();
    await bench.page.waitForSelector('.diff-inline .cm-deletedChunk');
  });

  it('shows a diff side by side only where there is room for two, until somebody has said how', async () => {
    await openFile('src/app.tsx');
    await bench.page.locator('button[aria-label="What the attempt changed in this file"]').click();
    await bench.page.waitForSelector('.diff-inline .cm-deletedChunk');
    await bench.page.setViewport({ width: 2_800, height: 900 });
    await bench.page.waitForSelector('.diff-split .cm-changedLine');
    await bench.page.locator('.diff-bar .segments label:nth-of-type(2)').click();
    await bench.page.waitForSelector('.diff-inline .cm-deletedChunk');
    await bench.page.locator('.diff-bar .segments label:nth-of-type(1)').click();
    await bench.page.waitForSelector('.diff-split .cm-changedLine');
    await bench.page.setViewport({ width: 1_280, height: 800 });
    await bench.page.waitForFunction(() => (document.querySelector('.diff-bar')?.clientWidth ?? 999) < 700);
    // Drawn for the new width.
    await bench.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await bench.page.$('.diff-split')).not.toBeNull();
  });

  it('marks the file that is shown in the list, however it was opened, and brings it into view', async () => {
    for (let each = 0; each < 60; each++) bench.fake.sources.files.set(`src/more/${each}.ts`, '');
    await bench.openCart();
    await bench.page.locator('.editor-handle').click();
    await bench.page.locator('.file-tree ::-p-text(README.md)').click();
    await bench.page.waitForSelector('.editor-tab');
    const { keyboard } = bench.page;
    await keyboard.down('Control');
    await keyboard.press('p');
    await keyboard.up('Control');
    await bench.page.waitForSelector('.chooser[open]');
    await keyboard.type('more/59');
    await keyboard.press('Enter');
    const marked = '.file-tree .grid-row[aria-selected=true]';
    await bench.page.waitForFunction(
      (row) => document.querySelector(row)?.textContent?.includes('59.ts'),
      {},
      marked,
    );
    const isInView = await bench.page.$eval(marked, (row) => {
      const [inner, outer] = [row, row.closest('.file-tree')].map((each) => each?.getBoundingClientRect());
      return inner && outer && inner.top >= outer.top && inner.bottom <= outer.bottom;
    });
    expect(isInView).toBe(true);
    await bench.page.locator('.editor-tab:first-child .editor-tab-name').click();
    await bench.page.waitForFunction(
      (row) => document.querySelector(row)?.textContent?.includes('README.md'),
      {},
      marked,
    );
  });

  it('keeps what was searched for beside what was found, while the list of files is looked at', async () => {
    await openFile('README.md');
    const tool = (at: number) => `.editor-sidebar > .segments label:nth-of-type(${at})`;
    await bench.page.locator(tool(2)).click();
    await bench.page.locator('.editor-filter input').fill('private');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForSelector('.search-matches .grid-row');
    await bench.page.locator(tool(1)).click();
    await bench.page.waitForSelector('.file-tree');
    await bench.page.locator(tool(2)).click();
    await bench.page.waitForSelector('.search-matches .grid-row');
    expect(await bench.page.$eval('.editor-filter input', (field) => field.value)).toBe('private');
  });

  it('is used by keyboard alone: a file by its name, a search, the tree', async () => {
    await bench.openCart();
    await bench.page.focus('.editor-handle');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForSelector('.file-tree');
    await bench.page.focus('.file-tree');
    const { keyboard } = bench.page;
    await keyboard.down('Control');
    await keyboard.press('p');
    await keyboard.up('Control');
    await bench.page.waitForSelector('.chooser[open]');
    await keyboard.type('badge');
    await keyboard.press('Enter');
    await bench.page.waitForSelector('.cm-content');
    expect(await bench.textOf('.editor-tab')).toContain('cart-badge.tsx');
    await bench.page.focus('.file-tree');
    await keyboard.press('Home');
    await keyboard.press('ArrowRight');
    await bench.page.waitForFunction(() =>
      [...document.querySelectorAll('.file-tree .grid-row')].some((row) =>
        row.textContent?.includes('logo.png'),
      ),
    );
    await keyboard.down('Control');
    await keyboard.down('Shift');
    await keyboard.press('f');
    await keyboard.up('Shift');
    await keyboard.up('Control');
    await bench.page.waitForFunction(
      () => (document.activeElement as HTMLInputElement | null)?.type === 'search',
    );
    await keyboard.type('private');
    await keyboard.press('Enter');
    await bench.page.waitForSelector('.search-matches .grid-row');
    await bench.page.focus('.search-matches');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await bench.page.waitForFunction(() => document.activeElement?.classList.contains('cm-content'));
    expect(await bench.textOf('.editor-tab.active')).toContain('package.json');
  });

  it('opens the place that a stack names', async () => {
    const entry = makeEntry({ level: 'error', text: 'boom', stack: 'at App (src/app.tsx:7:9)' });
    bench.fake.send('cart', { channel: 'logs', data: { type: 'console', entry } });
    await bench.openCart();
    await bench.page.locator('.console-handle').click();
    await bench.page.locator('.console-stack summary').click();
    await bench.page.locator('.source-link').click();
    await bench.page.waitForFunction(() => document.activeElement?.classList.contains('cm-content'));
    expect(await bench.textOf('.cm-activeLine')).toContain('return (');
  });

  it('keeps what is typed while another attempt is looked at', async () => {
    bench.fake.sources.autoSave = false;
    await openFile('README.md');
    await typeIn('typed ');
    await bench.page.locator('button[aria-label*="passkey"].row-main').click();
    await bench.appFrame('login');
    await bench.page.locator('button[aria-label*="Show the cart total in the header"].row-main').click();
    await bench.page.waitForFunction(() =>
      document.querySelector('.cm-line')?.textContent?.startsWith('typed '),
    );
    bench.page.on('dialog', (dialog) => void dialog.accept()); // leaving asks, because something is not saved
  });
});
