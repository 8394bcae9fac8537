import { useEffect, useRef } from 'preact/hooks';
import { Button, IconButton } from '../design/button.tsx';
import { CloseIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { ShortcutList } from './shortcut-list.tsx';

interface ShortcutSheetProps {
  onClose: () => void;
  /** Goes to where they are changed. */
  onChange: () => void;
}

/** The keys of the workbench, over whatever is shown. */
export function ShortcutSheet({ onClose, onChange }: ShortcutSheetProps) {
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
        <Button onClick={onChange}>{text('shortcuts.change')}</Button>
        <IconButton label={text('action.dismiss')} icon={<CloseIcon />} onClick={onClose} />
      </header>
      <ShortcutList />
    </dialog>
  );
}
