import './command-center.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { IconButton } from '../design/button.tsx';
import { Chooser } from '../design/chooser.tsx';
import { CloseIcon } from '../icons/icons.tsx';
import { editorShown, toggleDock } from '../layout/panels.ts';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { commandsNow } from './commands.ts';
import { isEditable, SHORTCUT_NAMES, shortcutFor, shortcutOf } from './shortcuts.ts';

/** Listens for the workbench's shortcuts, and shows the palette and the sheet that names them. */
export function CommandCenter() {
  const shown = useSignal<'palette' | 'help' | undefined>(undefined);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const shortcut = shortcutFor(event, isEditable(event.target));
      if (!shortcut) return;
      event.preventDefault();
      if (shortcut === 'palette' || shortcut === 'help') shown.value = shortcut;
      else if (shortcut === 'editor') editorShown.value = !editorShown.peek();
      else toggleDock(shortcut);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [shown]);
  const close = () => (shown.value = undefined);
  if (shown.value === 'palette') return <Palette onClose={close} />;
  return shown.value === 'help' ? <ShortcutSheet onClose={close} /> : null;
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

function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="chooser shortcut-sheet"
      aria-label={text('shortcuts.heading')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
    >
      <header class="screen-header">
        <h1>{text('shortcuts.heading')}</h1>
        <IconButton label={text('action.dismiss')} icon={<CloseIcon />} onClick={onClose} />
      </header>
      <ShortcutList />
    </dialog>
  );
}

export function ShortcutList() {
  return (
    <dl class="shortcuts">
      {SHORTCUT_NAMES.map((name) => (
        <div key={name}>
          <dt>{text(`shortcut.${name}`)}</dt>
          <dd>
            <kbd>{shortcutOf(name)}</kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}
