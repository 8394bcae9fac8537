import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import { writeValue } from '#shared/realtime/write-value.ts';
import { JsonTree } from '../design/json-tree.tsx';
import { withoutDirectionMarks } from '../text/name.ts';
import { jsonIn, lineText } from './console-text.ts';
import { LineText, Runs } from './line-text.tsx';
import { ValueTree } from './value-tree.tsx';

/** What a line says: values that can be opened, JSON that can be opened, or a text. */
export function ConsoleContent({ entry }: { entry: ConsoleEntry }) {
  const { values } = entry;
  const text = lineText(entry);
  if (values) {
    return (
      <>
        {values.map((value, index) => (
          <ConsolePart key={index} value={value} />
        ))}
      </>
    );
  }
  // As the page's console.table drew it: scrolled, because wrapped it is none.
  if (text.startsWith('┌─')) return <TextTable of={text} />;
  const json = jsonIn(text);
  if (!json) return <LineText of={text} />;
  return (
    <>
      <Runs of={json.before} />
      <JsonTree value={json.value} />
    </>
  );
}

function TextTable({ of }: { of: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <span class="console-table" tabIndex={0}>
      {withoutDirectionMarks(of)}
    </span>
  );
}

function ConsolePart({ value }: { value: ConsoleValue }) {
  if (value.entries?.length) return <ValueTree value={value} />;
  if (value.type === 'string')
    return (
      <span class="console-part">
        <LineText of={value.text} />{' '}
      </span>
    );
  return (
    <span class={`console-part json-value ${value.type}`}>{withoutDirectionMarks(writeValue(value))} </span>
  );
}
