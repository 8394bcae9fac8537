import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { addBoardSchema, addRepositorySchema } from '#shared/api/attempt.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Segments } from '../design/segments.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import type { SourceKind } from './attempt-store.ts';

interface AddSourceProps {
  onDone: () => void;
  onCancel?: () => void;
}

/** Adds a repository by its path or a board by its address, in place. */
export function AddSource({ onDone, onCancel }: AddSourceProps) {
  const { attempts } = useSession();
  const workbench = useWorkbench();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [kind, setKind] = useState<SourceKind>('repository');
  const [invalid, setInvalid] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<VitrineError>();
  const hasCancel = onCancel !== undefined;
  // Opened by a click on "add": what comes next is typing. The empty state does not take the focus.
  useEffect(() => {
    if (hasCancel) input.current?.focus();
  }, [hasCancel]);

  async function add(): Promise<void> {
    const location = tidy(kind, input.current?.value ?? '');
    setFailure(undefined);
    setInvalid(location === undefined);
    if (location === undefined) return;
    setBusy(true);
    try {
      // First of all: browsers ask only in answer to a click. Without the right its attempts are listed all the same.
      const isAllowed =
        kind === 'repository' || (await workbench.home.requestBoardAccess?.(location)) !== false;
      await attempts.addSource(kind, location);
      if (input.current) input.current.value = '';
      if (!isAllowed) workbench.announce(text('source.board.no-access'));
      onDone();
    } catch (thrown) {
      setFailure(toVitrineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      class="add-source"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
    >
      <Segments
        label={text('source.kind')}
        value={kind}
        options={[
          { value: 'repository', label: text('source.repository') },
          { value: 'board', label: text('source.board') },
        ]}
        onChange={(value) => {
          setKind(value);
          setInvalid(false);
        }}
      />
      <div class="add-source-line">
        <label class="visually-hidden" for={id}>
          {text(`source.${kind}.label`)}
        </label>
        <input
          id={id}
          ref={input}
          class="field"
          type="text"
          inputMode={kind === 'board' ? 'url' : 'text'}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          placeholder={text(`source.${kind}.hint`)}
          aria-invalid={invalid}
          aria-describedby={invalid ? `${id}-hint` : undefined}
        />
        <Button type="submit" kind="primary" busy={busy}>
          {text(busy ? 'source.adding' : 'source.add')}
        </Button>
      </div>
      {invalid && (
        <p class="add-source-hint" id={`${id}-hint`} role="alert">
          {text(`source.${kind}.invalid`)}
        </p>
      )}
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(undefined)} />}
    </form>
  );
}

/** What was typed as the companion takes it, or undefined for what cannot be right. */
function tidy(kind: SourceKind, typed: string): string | undefined {
  const value = typed.trim();
  if (kind === 'board') {
    const url = /^[a-z]+:\/\//i.test(value) ? value : `http://${value}`;
    const parsed = addBoardSchema.safeParse({ url });
    return value !== '' && parsed.success ? parsed.data.url : undefined;
  }
  const isPath = /^([/~]|[A-Za-z]:[\\/]|\\\\)/.test(value);
  const parsed = addRepositorySchema.safeParse({ path: value });
  return isPath && parsed.success ? parsed.data.path : undefined;
}
