import './design/tokens.css';
import './design/base.css';
import './design/controls.css';
import { CommandCenter } from './commands/command-center.tsx';
import { ConnectionBanner } from './connection/connection-banner.tsx';
import { ConnectionScreen } from './connection/connection-screen.tsx';
import { Announcer } from './layout/announcer.tsx';
import { MainView } from './layout/main-view.tsx';
import { SessionContext, WorkbenchContext } from './workbench-context.ts';
import type { WorkbenchModel } from './workbench-model.ts';

/** The whole workbench, in any of its homes. */
export function Workbench({ model }: { model: WorkbenchModel }) {
  const session = model.session.value;
  return (
    <WorkbenchContext.Provider value={model}>
      <div class="workbench" data-home={model.home.kind}>
        {session ? (
          <SessionContext.Provider value={session}>
            <ConnectionBanner />
            <MainView />
            <CommandCenter />
          </SessionContext.Provider>
        ) : (
          <ConnectionScreen state={model.home.connection.state.value} />
        )}
        <Announcer />
      </div>
    </WorkbenchContext.Provider>
  );
}
