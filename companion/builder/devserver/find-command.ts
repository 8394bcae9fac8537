import { VitrineError } from '#shared/errors.ts';
import type { PackageJson } from '../../detection/package-json.ts';
import { runsServer } from '../../detection/runs-server.ts';
import { startedCommands } from '../../detection/started-commands.ts';
import { type Framework, frameworkOf, type ServerPlace, serverScripts, USUAL_SCRIPTS } from './frameworks.ts';

/** What starts a project's dev server. */
export interface ServerCommand {
  /** A shell line, or a list of arguments that is run as it is. */
  line(place: ServerPlace): string | string[];
  /** The framework where it is known: a command of the project's own may be anything. */
  framework: Framework | null;
  /** One sentence: where it comes from. */
  reason: string;
}

/** The command of the configuration, else the one that package.json speaks of. Throws DEVSERVER_COMMAND_MISSING. */
export function findCommand(pkg: PackageJson | null, configured?: string | string[]): ServerCommand {
  const framework = pkg && frameworkOf(pkg);
  if (configured !== undefined)
    return { line: () => configured, framework, reason: 'isolation.frontend.command' };
  const script = pkg && serverScript(pkg, framework);
  if (script) {
    const [name, text] = script;
    const before = pkg.scripts[`pre${name}`];
    const line = (place: ServerPlace) => {
      const own = framework ? placed(ownPart(pkg, name, text, framework), framework, place) : text;
      return before === undefined ? own : `${before} && ${own}`;
    };
    return { line, framework, reason: `script "${name}" (${text})` };
  }
  if (framework) {
    const { name, command } = framework;
    return {
      line: (place) => placed(command, framework, place),
      framework,
      reason: `${name} is among the packages`,
    };
  }
  throw new VitrineError({
    code: 'DEVSERVER_COMMAND_MISSING',
    message: 'No command that starts the project’s dev server was found.',
    remedy: 'Set isolation.frontend.command in .vibe-kanban/environment.yaml, for example to npm run dev.',
    status: 422,
  });
}

/** The script that calls the framework; of a project without one, the first of the usual names. */
export function serverScript(
  pkg: PackageJson,
  framework = frameworkOf(pkg),
): [name: string, text: string] | null {
  const scripts = serverScripts(pkg);
  const calling = framework && scripts.find(([, text]) => framework.call.test(text));
  return calling ?? scripts.find(([name]) => USUAL_SCRIPTS.includes(name)) ?? null;
}

/** Of a script that starts a backend as well, which is a service of its own, the part that starts the frontend. */
function ownPart(pkg: PackageJson, name: string, text: string, framework: Framework): string {
  if (framework.needsServer === 'renders') return text;
  const started = startedCommands(pkg, name);
  const own = started.find((each) => framework.call.test(each));
  // One that watches styles or generates code belongs to the frontend.
  const isWithBackend = started.length === 2 && started.every((each) => each === own || runsServer(each));
  return isWithBackend && own !== undefined ? own : text;
}

/**
 * A script with its call of the framework told where to listen. Left as it is when the call is not the last command
 * of the line, or inside quotes: then PORT, HOST and what the server prints have to do.
 */
export function placed(script: string, framework: Framework, place: ServerPlace): string {
  const options = framework.place(place);
  if (options.length === 0) return script;
  const start = Math.max(script.lastIndexOf('&&') + 2, script.lastIndexOf(';') + 1, 0);
  const [before, last] = start === 1 ? ['', script] : [script.slice(0, start), script.slice(start)];
  const call = framework.call.exec(last);
  if (!call || /[|&]/.test(last) || isQuoted(last, call.index)) return script;
  if (framework.placeable && !framework.placeable.test(call[0])) return script;
  const end = call.index + call[0].length;
  const rest = withoutOptions(last.slice(end), framework.placeOptions);
  return `${before}${last.slice(0, end)}${rest.trimEnd()} ${options.join(' ')}`;
}

const isQuoted = (text: string, at: number): boolean =>
  ['"', "'"].some((quote) => (text.slice(0, at).split(quote).length - 1) % 2 === 1);

/** `--port 3000`, `--port=3000`, and a bare `--host`. */
function withoutOptions(text: string, options: readonly string[]): string {
  const words = text.split(/(\s+)/);
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const isOption = options.includes(word);
    if (!isOption && !options.some((option) => word.startsWith(`${option}=`))) {
      kept.push(word);
      continue;
    }
    const value = words[at + 2];
    if (isOption && value !== undefined && value !== '' && !value.startsWith('-')) at += 2;
  }
  return kept.join('').replace(/\s{2,}/g, ' ');
}
