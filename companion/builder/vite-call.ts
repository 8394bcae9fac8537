/** What a script of package.json tells Vite on its command line. */
export interface ViteCall {
  /** Name of the script. */
  script: string;
  /** What is run before Vite; empty when nothing is. */
  before: string;
  root?: string;
  configFile?: string;
  mode?: string;
  base?: string;
  /** Variables that the line sets for Vite. */
  env: Record<string, string>;
}

/** Scripts that start a dev server, the likeliest first; whatever else calls Vite comes after them. */
const SCRIPTS = ['dev', 'develop', 'start', 'serve'];
/** They run the words after them, with variables before or without. */
const RUNNERS =
  /^(?:cross-env(?:-shell)?|env|npx|bunx|pnpx|--bun|node|exec|(?:npm|pnpm|yarn|bun)(?= (?:exec|dlx|x|run) )|exec|dlx|x|--)$/;
const PROGRAM = /^(?:(?:.*\/)?node_modules\/(?:\.bin\/vite|vite\/bin\/vite\.js)|vite)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const OPTIONS: Record<string, 'configFile' | 'mode' | 'base'> = {
  '-c': 'configFile',
  '--config': 'configFile',
  '-m': 'mode',
  '--mode': 'mode',
  '--base': 'base',
};
/** Options that may be followed by a value of theirs. */
const WITH_VALUE = new Set(
  '--host --port --open -l --logLevel -d --debug -f --filter --configLoader --clearScreen'.split(' '),
);
/** Commands of Vite that are no dev server. */
const OTHER_COMMANDS = new Set(['build', 'preview', 'optimize']);

/** The script that starts Vite's dev server, read as a shell would read it; null when none does. */
export function findViteCall(scripts: Record<string, string>): ViteCall | null {
  const names = [...new Set([...SCRIPTS.filter((name) => name in scripts), ...Object.keys(scripts)])];
  for (const name of names) {
    const call = readCall(scripts[name] ?? '');
    if (!call) continue;
    const before = [scripts[`pre${name}`], call.before].filter(Boolean).join(' && ');
    return { script: name, ...call, before };
  }
  return null;
}

function readCall(line: string): Omit<ViteCall, 'script'> | null {
  // What runs beside Vite is not waited for: `node api.js & vite`.
  for (const part of line.split(/\s*(?<![&>])&(?![&>])\s*/)) {
    const call = callAfter(part.split(/\s*(?:&&|;)\s*/));
    if (call) return call;
  }
  return null;
}

function callAfter(commands: string[]): Omit<ViteCall, 'script'> | null {
  for (const [index, command] of commands.entries()) {
    const words = wordsOf(command);
    const call = callIn(words);
    if (call) return { ...call, before: commands.slice(0, index).join(' && ') };
    // As in `concurrently "vite --mode x" "node api.js"`: each in quotes is a line of its own.
    for (const word of words) {
      const inner = /\s/.test(word) || words[0] === 'concurrently' ? callIn(wordsOf(word)) : null;
      if (inner) return { ...inner, before: commands.slice(0, index).join(' && ') };
    }
  }
  return null;
}

function callIn(words: string[]): Omit<ViteCall, 'script' | 'before'> | null {
  const env: Record<string, string> = {};
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name, value] = ASSIGNMENT.exec(word) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    else if (PROGRAM.test(word)) break;
    else if (
      !RUNNERS.test(word) &&
      !/^(?:npm|pnpm|yarn|bun)$/.test(word) &&
      !/^--[\w-]+(?:=\S+)?$/.test(word)
    )
      return null;
  }
  if (at === words.length) return null;
  const rest = words.slice(at + 1);
  if (OTHER_COMMANDS.has(rest[0] ?? '')) return null;
  if (rest.some((word) => word === '--help' || word === '-h' || word === '--version')) return null;
  return { ...optionsOf(rest[0] === 'dev' || rest[0] === 'serve' ? rest.slice(1) : rest), env };
}

function optionsOf(words: string[]): Pick<ViteCall, 'root' | 'configFile' | 'mode' | 'base'> {
  const call: Pick<ViteCall, 'root' | 'configFile' | 'mode' | 'base'> = {};
  for (let at = 0; at < words.length; at += 1) {
    const [option = '', inline] = splitOnce(words[at] ?? '');
    const next = words[at + 1];
    const hasNext = next !== undefined && !next.startsWith('-');
    const key = OPTIONS[option];
    if (key !== undefined && (inline ?? (hasNext ? next : undefined)) !== undefined)
      call[key] = inline ?? next;
    if (inline === undefined && hasNext && (key !== undefined || WITH_VALUE.has(option))) at += 1;
    else if (!option.startsWith('-')) call.root ??= words[at];
  }
  return call;
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.startsWith('-') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** Words of a shell line; quotes group them. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s"']+|"(?:\\.|[^"\\])*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replace(/\\(.)/g, '$1'),
    ),
  );
}
