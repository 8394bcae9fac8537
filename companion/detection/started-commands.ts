import type { PackageJson } from './package-json.ts';

/** Scripts that call each other end somewhere; ones that go round in a circle do not. */
const MAX_DEPTH = 5;
const SEVERAL = /^(?:npx\s+)?(concurrently|conc|npm-run-all2?|run-p|run-s|run-pty)\s/;
/** Options of these tools that have a value, which is no command. */
const WITH_VALUE =
  /^(?:-n|--names|-c|--prefix-colors|-p|--prefix|--name-separator|-s|--success|--restart-tries|--restart-after|-m|--max-processes|-t|--timestamp-format|--default-input-target|--max-parallel|-l|--prefix-length)$/;
const CALL =
  /^(?:(?:npm|pnpm|bun)\s+(?:run\s+|run-script\s+)|yarn\s+(?:run\s+)?|(?:npm|pnpm)\s+(?=start\b))([\w:.*-]+)$/;

/**
 * The commands that a script starts in the end: those of `concurrently`, `npm-run-all` and `&`, each looked up where
 * it is a script itself. A command that leads to another directory's package stays as it is.
 */
export function startedCommands({ scripts }: PackageJson, name: string): string[] {
  const ofScript = (pattern: string, depth: number): string[] => {
    const fits = new RegExp(`^${pattern.split('*').map(escaped).join('[^:]*')}$`);
    return Object.keys(scripts).flatMap((each) =>
      fits.test(each) ? ofCommand(scripts[each] ?? '', depth + 1) : [],
    );
  };
  const ofCommand = (command: string, depth: number): string[] => {
    if (depth > MAX_DEPTH) return [];
    const text = command.trim();
    const tool = SEVERAL.exec(text)?.[1];
    if (tool !== undefined) {
      const parts = partsOf(text.slice(text.indexOf(tool) + tool.length));
      return parts.flatMap((part) => {
        if (!tool.startsWith('conc')) return ofScript(part, depth);
        return part.startsWith('npm:') ? ofScript(part.slice('npm:'.length), depth) : ofCommand(part, depth);
      });
    }
    const together = besideOneAnother(text);
    if (together.length > 1) return together.flatMap((each) => ofCommand(each, depth));
    const called = CALL.exec(text)?.[1];
    return called !== undefined && called in scripts ? ofScript(called, depth) : [text];
  };
  return ofScript(name, 0);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** What a tool is given to run: its arguments without its options. */
function partsOf(text: string): string[] {
  const words = [...text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );
  return words.filter((word, at) => !word.startsWith('-') && !WITH_VALUE.test(words[at - 1] ?? ''));
}

/** The parts of `a & b`, which is neither `a && b` nor `2>&1`. */
function besideOneAnother(text: string): string[] {
  return text
    .split(/(?<![&>])&(?![&>])/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'wait');
}
