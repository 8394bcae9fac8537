import './command-center.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Chooser } from '../design/chooser.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { commandsNow } from './commands.ts';
import { isRecording } from './key-recorder.tsx';
import { toggleEditor, togglePanel } from './panel-focus.ts';
import { showShortcutSettings } from './shortcut-settings.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { isEditable, shortcutFor } from './shortcuts.ts';

/** Listens for the workbench's shortcuts, and shows the palette and the sheet that names them. */
export function CommandCenter() {
  const workbench = useWorkbench();
  const shown = useSignal<'palette' | 'help' | undefined>(undefined);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isRecording.peek() || document.querySelector('dialog[open]')) return;
      const shortcut = shortcutFor(event, isEditable(event.target));
      if (!shortcut) return;
      if (shortcut === 'palette' || shortcut === 'help') shown.value = shortcut;
      else if (shortcut === 'undo') {
        if (!workbench.undo()) return;
      } else if (shortcut === 'quick-open' || shortcut === 'search') {
        // An editor takes it for itself: of two, the one that has the focus.
        if (event.target instanceof Element && event.target.closest('.editor')) return;
        if (!workbench.activePreview.peek()?.showEditor(shortcut)) return;
      } else if (shortcut === 'editor') toggleEditor(workbench);
      else togglePanel(shortcut);
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the code and the lists, which have keys of their own: what somebody chose comes first.
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => removeEventListener('keydown', onKeyDown, { capture: true });
  }, [shown, workbench]);
  const close = () => (shown.value = undefined);
  if (shown.value === 'palette') return <Palette onClose={close} />;
  if (shown.value !== 'help') return null;
  const change = () => {
    close();
    workbench.view.showScreen('settings');
    showShortcutSettings();
  };
  return <ShortcutSheet onClose={close} onChange={change} />;
}

function Palette({ onClose }: { onClose: () => void }) {
  const workbench = useWorkbench();
  const session = useSession();
  const commands = useMemo(() => commandsNow(workbench, session), [workbench, session]);
  return (
    <Chooser
      label={text('commands.heading')}
      items={commands}
      onChoose={(key) => commands.find((command) => command.key === key)?.run()}
      onClose={onClose}
    />
  );
}
