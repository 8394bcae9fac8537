import './config-editor.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ConfigDraft, ConfigFile } from '#shared/api/config.ts';
import type { Environment } from '#shared/api/environment.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { SpinnerIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { ConfigFieldView } from './config-field.tsx';
import { CONFIG_GROUPS, editsOf, type FieldTexts, textOf } from './config-fields.ts';
import { ConfigReview } from './config-review.tsx';

/** The environment.yaml of one attempt, changed key by key. Nothing is written before its diff was seen. */
export function ConfigEditor({ environment }: { environment: Environment }) {
  const { id } = environment;
  const workbench = useWorkbench();
  const { client, environments, signal } = useSession();
  const file = useSignal<ConfigFile | undefined>(undefined);
  const texts = useSignal<FieldTexts>({});
  const draft = useSignal<ConfigDraft | undefined>(undefined);
  const failure = useSignal<VitrineError | undefined>(undefined);
  const busy = useSignal(false);

  async function attempt(action: () => Promise<void>): Promise<void> {
    busy.value = true;
    failure.value = undefined;
    try {
      await action();
    } catch (thrown) {
      if (!signal.aborted) failure.value = toVitrineError(thrown);
    } finally {
      busy.value = false;
    }
  }
  const load = () =>
    attempt(async () => {
      draft.value = undefined;
      file.value = await client.config.get(id, signal);
    });
  useEffect(() => void load(), [id]);

  const known = file.value;
  const { edits, invalid } = editsOf(texts.value, known?.values ?? {});
  const review = () =>
    attempt(async () => {
      draft.value = await client.config.draft(id, edits, signal);
    });
  const write = ({ version, path }: ConfigDraft) =>
    attempt(async () => {
      file.value = await client.config.write(id, { edits, version }, signal);
      texts.value = {};
      draft.value = undefined;
      workbench.announce(text('config.written', { path }), {
        label: text('config.restart'),
        run: () => void attempt(() => environments.act(id, 'restart')),
      });
    });

  if (!known) {
    return failure.value ? (
      <FailureNotice
        failure={failure.value}
        actions={<Button onClick={() => void load()}>{text('action.retry')}</Button>}
      />
    ) : (
      <p class="quiet" role="status">
        <SpinnerIcon /> {text('environments.loading')}
      </p>
    );
  }
  return (
    <form
      class="config-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void review();
      }}
    >
      {CONFIG_GROUPS.map(({ heading, fields }) => (
        <fieldset key={heading} disabled={draft.value !== undefined}>
          <legend>{text(heading)}</legend>
          {fields.map((field) => (
            <ConfigFieldView
              key={field.key}
              field={field}
              value={texts.value[field.key] ?? textOf(known.values[field.key])}
              fallback={textOf(known.defaults[field.key])}
              isInvalid={invalid.has(field.key)}
              onChange={(value) => (texts.value = { ...texts.peek(), [field.key]: value })}
            />
          ))}
        </fieldset>
      ))}
      {failure.value && (
        <FailureNotice
          failure={failure.value}
          onDismiss={() => (failure.value = undefined)}
          actions={
            failure.value.code === 'SOURCE_CHANGED' && (
              <Button onClick={() => void review()}>{text('config.review')}</Button>
            )
          }
        />
      )}
      {draft.value ? (
        <ConfigReview
          draft={draft.value}
          busy={busy.value}
          onWrite={write}
          onCancel={() => (draft.value = undefined)}
        />
      ) : (
        <div class="config-actions">
          <Button
            type="submit"
            kind="primary"
            busy={busy.value}
            disabled={Object.keys(edits).length === 0 || invalid.size > 0}
          >
            {text('config.review')}
          </Button>
          <Button disabled={Object.keys(texts.value).length === 0} onClick={() => (texts.value = {})}>
            {text('config.discard')}
          </Button>
        </div>
      )}
    </form>
  );
}
