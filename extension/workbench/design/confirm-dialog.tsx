import './confirm-dialog.css';
import { useEffect, useId, useRef } from 'preact/hooks';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { Name } from './name.tsx';

interface ConfirmDialogProps {
  title: string;
  body: string;
  /** Name of the thing it is about: shown between title and body. */
  subject?: string;
  confirm: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that cannot be taken back. Escape and a click beside it cancel. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const bodyId = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="confirm-dialog"
      aria-labelledby={titleId}
      aria-describedby={bodyId}
      onCancel={(event) => {
        event.preventDefault();
        props.onCancel();
      }}
      onPointerDown={(event) => event.target === dialog.current && props.onCancel()}
    >
      <div class="confirm-content">
        <h2 id={titleId}>{props.title}</h2>
        {props.subject && <Name of={props.subject} />}
        <p id={bodyId} class="quiet">
          {props.body}
        </p>
        <div class="confirm-actions">
          <Button onClick={props.onCancel}>{text('action.cancel')}</Button>
          <Button kind="danger" onClick={props.onConfirm}>
            {props.confirm}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
