import { readPackageJson } from '../../detection/package-json.ts';
import type { Frontend, FrontendContext, FrontendProvider } from '../frontend.ts';
import { frameFile } from '../host/frame-files.ts';
import { requireRoot } from '../require-root.ts';
import { findCommand } from './find-command.ts';
import { DevserverFrontend } from './frontend.ts';

/** Runs the project's own dev server in the pod and shows what it answers. */
export class DevserverProvider implements FrontendProvider {
  readonly name = 'devserver';

  async start(context: FrontendContext, signal: AbortSignal): Promise<Frontend> {
    const { root, worktree, server } = context;
    requireRoot(root);
    if (!server) throw new Error('A dev server needs to know where its preview is.');
    frameFile('companion.js');
    const command = findCommand(await readPackageJson(worktree, root), server.command);
    context.onStep('build', 'active', command.reason);
    const frontend = new DevserverFrontend(context, server, command);
    await frontend.start(signal);
    return frontend;
  }
}
