import { hasOddBytes } from '#shared/api/path-bytes.ts';
import { type TreeFile, writeSourceSchema } from '#shared/api/source.ts';
import { VitrineError } from '#shared/errors.ts';

const APP = `import { useState } from 'react';
import { CartBadge } from './cart/cart-badge';

/** The whole shop. */
export function App({ total }: { total: number }) {
  const [open, setOpen] = useState(false);
  return (
    <main class="shop">
      <CartBadge total={total} onOpen={() => setOpen(!open)} />
      {open && <p>{\`You pay \${total / 100} EUR\`}</p>}
    </main>
  );
}
`;

/** Files in memory, answered as the companion answers them. */
export class FakeSources {
  readonly base = new Map([
    ['package.json', '{\n  "name": "shop",\n  "private": true\n}\n'],
    [
      'src/app.tsx',
      APP.replace('import { CartBadge }', 'import { Badge }').replace('CartBadge total', 'Badge count'),
    ],
    ['src/style.css', 'main {\n  color: #123456;\n}\n'],
    ['src/old.ts', 'export {};\n'],
  ]);
  readonly files = new Map([
    ['package.json', '{\n  "name": "shop",\n  "private": true\n}\n'],
    ['README.md', '# Shop\n\nSells *beans*.\n'],
    ['public/logo.png', '\0PNG'],
    ['src/app.tsx', APP],
    ['src/cart/cart-badge.tsx', 'export const CartBadge = () => null;\n'],
    ['src/style.css', 'main {\n  color: #123456;\n}\n'],
    ['src/gr\0fc\0dfe.ts', 'export {};\n'],
    ['src/<img src=x onerror=alert(1)>.ts', '// \u202egnp.exe\u202c hidden\n'],
  ]);
  syncDelayMs = 50;
  autoSave = true;

  answer(action: string, method: string, query: URLSearchParams, body: unknown): unknown {
    const path = query.get('path') ?? '';
    if (action === 'tree') return this.#tree();
    if (action === 'search') return this.#search(query.get('text') ?? '');
    if (action === 'base') return { path, content: this.base.get(path) ?? null };
    if (method === 'PUT') return this.#write(body);
    const content = this.files.get(path);
    if (content === undefined) throw fault('FILE_MISSING', `There is no file ${path}.`, 404);
    const isBinary = content.includes('\0');
    return {
      path,
      content: isBinary ? null : content,
      obstacle: isBinary ? 'binary' : hasOddBytes(path) ? 'name-not-utf8' : undefined,
      size: content.length,
      version: content.slice(0, 90) + content.length,
    };
  }

  #tree() {
    const files: TreeFile[] = [...this.files].map(([path, content]) => {
      const before = this.base.get(path);
      const status = before === undefined ? 'added' : before === content ? undefined : 'modified';
      return { path, size: content.length, status };
    });
    for (const path of this.base.keys())
      if (!this.files.has(path)) files.push({ path, size: 0, status: 'deleted' });
    const base = { branch: 'main', commit: 'a'.repeat(40) };
    return { files, truncated: false, base, autoSave: this.autoSave, syncDelayMs: this.syncDelayMs };
  }

  #write(body: unknown) {
    const { path, content, version } = writeSourceSchema.parse(body);
    const before = this.files.get(path);
    const known = before === undefined ? null : before.slice(0, 90) + before.length;
    if (known !== version) throw fault('SOURCE_CHANGED', `${path} was changed meanwhile.`, 409);
    this.files.set(path, content);
    return { version: content.slice(0, 90) + content.length };
  }

  #search(text: string) {
    const matches = [...this.files].flatMap(([path, content]) =>
      content.split('\n').flatMap((line, index) => {
        const at = line.toLowerCase().indexOf(text.toLowerCase());
        return at < 0 ? [] : [{ path, line: index + 1, column: at + 1, text: line }];
      }),
    );
    return { matches, truncated: false };
  }
}

const fault = (code: string, message: string, status: number) =>
  new VitrineError({ code, message, remedy: 'Look at the files again.', status });
