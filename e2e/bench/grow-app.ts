import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MARKER = './many/all.tsx';

/** Adds modules to the sample: small components with some styles, all of them imported and shown by the app. */
export async function growApp(worktree: string, modules: number): Promise<void> {
  const directory = join(worktree, 'src/many');
  await mkdir(directory, { recursive: true });
  const names = Array.from({ length: modules }, (_each, index) => `Part${index}`);
  await Promise.all(names.map((name, index) => writeFile(join(directory, `${name}.tsx`), part(name, index))));
  const imports = names.map((name) => `import { ${name} } from './${name}.tsx';`).join('\n');
  const shown = names.map((name) => `<${name} label="${name}" />`).join('\n');
  await writeFile(
    join(directory, 'all.tsx'),
    `${imports}\nexport const All = () => (<aside>${shown}</aside>);\n`,
  );
  const app = join(worktree, 'src/App.tsx');
  const source = await readFile(app, 'utf8');
  if (source.includes(MARKER)) return;
  await writeFile(
    app,
    `import { All } from '${MARKER}';\n${source.replace('</main>', '<All />\n    </main>')}`,
  );
}

const part = (name: string, index: number) => `import { useState } from 'react';

interface Props {
  label: string;
}

/** Number ${index} of many. */
export function ${name}({ label }: Props) {
  const [count, setCount] = useState(${index});
  return (
    <button type="button" onClick={() => setCount(count + 1)}>
      {label}: {count}
    </button>
  );
}
`;
