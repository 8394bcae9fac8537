import './dock.css';
import { useMemo } from 'preact/hooks';
import { ConsolePanel } from '../console/console-panel.tsx';
import { closeDock, shownDock } from '../layout/panels.ts';
import { DOCK_SPLIT_SHARE, dockSplitShare } from '../layout/shares.ts';
import { SplitPane } from '../layout/split-pane.tsx';
import { NetworkPanel } from '../network/network-panel.tsx';
import { text } from '../text/text.ts';
import type { PreviewModel, SourcePlace } from './preview-model.ts';

const LEAST_PANEL_PX = 280;

/** The panels below the app: one, or both beside each other. */
export function Dock({ preview }: { preview: PreviewModel }) {
  const shown = shownDock();
  const worktree = preview.environment.value?.worktree ?? '';
  // The same object for as long as it says the same: rows are drawn again only for another one.
  const source = useMemo(
    () => ({ worktree, onPlace: (place: SourcePlace) => preview.showSource(place) }),
    [preview, worktree],
  );
  const consolePanel = shown.includes('console') && (
    <div class="dock-part" key="console">
      <ConsolePanel
        name={preview.id}
        buffer={preview.console}
        filter={preview.consoleFilter}
        source={source}
        evaluator={preview.evaluator}
        onClose={() => closeDock('console')}
      />
    </div>
  );
  const networkPanel = shown.includes('network') && (
    <div class="dock-part" key="network">
      <NetworkPanel preview={preview} onClose={() => closeDock('network')} />
    </div>
  );
  // The console stays the same element when the network panel joins it: what is typed into it stays.
  return (
    <SplitPane
      direction="row"
      share={dockSplitShare}
      defaultShare={DOCK_SPLIT_SHARE}
      minPx={LEAST_PANEL_PX}
      label={text('dock.split')}
      main={consolePanel || networkPanel}
      side={consolePanel && networkPanel}
    />
  );
}
