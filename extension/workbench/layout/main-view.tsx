import './layout.css';
import { AttemptsPanel } from '../attempts/attempts-panel.tsx';
import { DashboardScreen } from '../dashboard/dashboard-screen.tsx';
import { EnvironmentsScreen } from '../environments/environments-screen.tsx';
import { PreviewPane } from '../preview/preview-pane.tsx';
import { SettingsScreen } from '../settings/settings-screen.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { ListToggle } from './list-toggle.tsx';
import { OpeningPane } from './opening-pane.tsx';
import { COMPARE_SHARE, compareShare, LIST_SHARE, listShare, listShown } from './shares.ts';
import { SplitPane } from './split-pane.tsx';
import type { View } from './view.ts';
import { wide } from './wide.ts';

const LEAST_PREVIEW_PX = 280;
const LEAST_LIST_PX = 220;

/** List and stage: side by side where there is room, else one at a time. */
export function MainView() {
  const { view } = useWorkbench();
  const current = view.current.value;
  const showsList = wide.value ? listShown.value : current.kind === 'attempts';
  const list = showsList && (
    <aside class="main-list" key="list">
      <AttemptsPanel />
    </aside>
  );
  if (showsList && !wide.value) return <div class="main">{list}</div>;
  return (
    <div class="main">
      <SplitPane
        direction="row"
        at="start"
        share={listShare}
        defaultShare={LIST_SHARE}
        minPx={LEAST_LIST_PX}
        label={text('list.divider')}
        side={list}
        main={
          <main class="main-stage" key="stage">
            <Stage view={current} />
          </main>
        }
      />
    </div>
  );
}

function Stage({ view }: { view: View }) {
  const { attempts, environments } = useSession();
  if (view.kind === 'environments') return <EnvironmentsScreen />;
  if (view.kind === 'dashboard') return <DashboardScreen />;
  if (view.kind === 'settings') return <SettingsScreen />;
  if (view.kind === 'opening') return <OpeningPane view={view} />;
  if (view.kind === 'attempts') {
    const isEmpty = !attempts.list.value?.attempts.length && environments.list.value.length === 0;
    return (
      <div class="placeholder quiet">
        <span class="placeholder-toggle">
          <ListToggle />
        </span>
        <p>{text(isEmpty ? 'attempts.select.empty' : 'attempts.select')}</p>
      </div>
    );
  }
  const compareId = wide.value ? view.compareId : undefined;
  return (
    <SplitPane
      direction="row"
      share={compareShare}
      defaultShare={COMPARE_SHARE}
      minPx={LEAST_PREVIEW_PX}
      label={text('preview.compare.divider')}
      main={<PreviewPane key={view.environmentId} id={view.environmentId} side="first" />}
      side={compareId && <PreviewPane key={compareId} id={compareId} side="second" />}
    />
  );
}
