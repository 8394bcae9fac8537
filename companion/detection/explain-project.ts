import { relative } from 'node:path';
import { parseDocument } from 'yaml';
import type { Explanation, Finding } from '#shared/api/explain.ts';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { toVitrineError } from '#shared/errors.ts';
import { findCommand } from '../builder/devserver/find-command.ts';
import { readConfig, readConfigText } from '../config/read-config.ts';
import { type ChosenProvider, chooseProvider } from './choose-provider.ts';
import { findDependencies } from './dependencies.ts';
import { detectProject, type ProjectPlan } from './detect-project.ts';
import { explainTemplate } from './explain-template.ts';
import { readPackageJson } from './package-json.ts';
import { commandText, runsImagesOwn } from './service-plan.ts';

export interface ExplainedWorktree {
  worktree: string;
  mainCheckout: string;
}

/** What a preview of a worktree would be made of, why, and what to write to keep it that way. Starts nothing. */
export async function explainProject({ worktree, mainCheckout }: ExplainedWorktree): Promise<Explanation> {
  const { isolation } = await readConfig(worktree);
  const plan = await detectProject(worktree, isolation, mainCheckout);
  const provider = await chooseProvider(worktree, isolation, plan);
  const place = (path: string) => relative(worktree, path) || '.';
  const findings: Finding[] = [];
  if (plan.frontend) {
    const { root, reason } = plan.frontend;
    findings.push({ what: 'frontend', value: place(root), reason });
    findings.push({ what: 'provider', value: provider.name, reason: provider.reason });
    if (provider.name === 'devserver')
      findings.push(await explainCommand(worktree, root, isolation.frontend.command));
  }
  for (const service of plan.services) {
    const where = service.port === null ? '' : `, port ${service.port}`;
    const value = `${commandText(service)} in ${place(service.cwd)}${where}`;
    findings.push({ what: `service ${service.name}`, value, reason: service.reason });
  }
  findings.push({ what: 'database', value: plan.database.engine, reason: plan.database.reason });
  const { engine } = plan.database;
  const { template } = isolation.backend.database;
  const main = plan.services.find(({ name }) => name === plan.main);
  const commandDirectory = main?.cwd ?? (plan.services.length === 0 ? plan.frontend?.root : null) ?? worktree;
  findings.push(...(await explainTemplate({ worktree, mainCheckout, engine, template, commandDirectory })));
  const services = plan.services.filter((service) => !runsImagesOwn(service));
  const directories = [plan.frontend?.root, ...services.map(({ cwd }) => cwd)];
  for (const directory of new Set(directories.filter((each) => each !== undefined)))
    findings.push(await explainDependencies(worktree, mainCheckout, directory, place(directory)));
  for (const note of plan.notes) findings.push({ what: 'note', value: note, reason: CONFIG_PATH });
  return { worktree, findings, yaml: await pinned(worktree, plan, provider) };
}

async function explainCommand(
  worktree: string,
  root: string,
  configured: string | string[] | undefined,
): Promise<Finding> {
  try {
    const { line, reason } = findCommand(await readPackageJson(worktree, root), configured);
    const value = line({ port: '$PORT', origin: new URL('http://preview.localhost') });
    return { what: 'command', value: [value].flat().join(' '), reason };
  } catch (error) {
    const { message, remedy } = toVitrineError(error);
    return { what: 'command', value: 'none', reason: `${message} ${remedy}` };
  }
}

async function explainDependencies(
  worktree: string,
  mainCheckout: string,
  directory: string,
  place: string,
): Promise<Finding> {
  try {
    const { detail } = await findDependencies(worktree, mainCheckout, directory, true);
    return { what: 'dependencies', value: place, reason: detail };
  } catch (error) {
    const { message, remedy } = toVitrineError(error);
    return { what: 'dependencies', value: place, reason: `${message} ${remedy}` };
  }
}

/** The detected command as one that can be written down: the same for every preview. */
async function portableCommand(worktree: string, root: string): Promise<string | string[] | null> {
  try {
    const { line } = findCommand(await readPackageJson(worktree, root));
    const [one, other] = ['one', 'other'].map((name) =>
      line({ port: '"$PORT"', origin: new URL(`http://${name}.localhost`) }),
    );
    return one !== undefined && one === other ? one : null;
  } catch {
    return null; // told among the findings
  }
}

/** The configuration with what was detected put where it says nothing. */
async function pinned(worktree: string, plan: ProjectPlan, provider: ChosenProvider): Promise<string> {
  const text = await readConfigText(worktree);
  const document = parseDocument(text);
  const pin = (path: string, value: unknown) => {
    const keys = ['isolation', ...path.split('.')];
    if (!document.hasIn(keys)) document.setIn(keys, document.createNode(value));
  };
  const place = (path: string) => relative(worktree, path) || '.';
  if (plan.frontend) {
    pin('provider', provider.name);
    pin('frontend.root', place(plan.frontend.root));
    if (provider.name === 'devserver') {
      const command = await portableCommand(worktree, plan.frontend.root);
      if (command !== null) pin('frontend.command', command);
    }
  }
  // Others have their names from the configuration, and their keys with them.
  const backend = plan.services.find(({ name }) => name === 'backend');
  if (backend && !document.hasIn(['isolation', 'backend', 'services', 'backend'])) {
    if (!runsImagesOwn(backend)) pin('backend.command', backend.command);
    pin('backend.directory', place(backend.cwd));
    if (backend.port !== null) pin('backend.port', backend.port);
    pin('backend.paths', backend.paths);
  }
  pin('backend.database.engine', plan.database.engine);
  return document.toString();
}
