import { useSignal } from '@preact/signals';
import { Select } from '../design/select.tsx';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { ConfigEditor } from './config-editor.tsx';

const LONGEST_TITLE = 80;

/** Chooses the attempt whose environment.yaml is changed. */
export function ConfigSection() {
  const { environments } = useSession();
  const { lastShown } = useWorkbench().view;
  const chosen = useSignal(lastShown.peek());
  const list = environments.list.value;
  const environment = list.find(({ id }) => id === chosen.value) ?? list[0];
  if (!environment) return <p class="quiet">{text('config.none')}</p>;
  return (
    <>
      <p class="quiet">{text('config.about')}</p>
      <Select
        label={text('config.attempt')}
        value={environment.id}
        options={list.map(({ id, title, branch }) => ({
          value: id,
          label: withoutDirectionMarks(
            `${title.slice(0, LONGEST_TITLE)} · ${branch.slice(0, LONGEST_TITLE)}`,
          ),
        }))}
        onChange={(id) => (chosen.value = id)}
      />
      <ConfigEditor key={environment.id} environment={environment} />
    </>
  );
}
