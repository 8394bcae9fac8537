import './prose.css';
import { CopyButton } from './copy-button.tsx';
import { splitCommands } from './split-commands.ts';

/** A sentence in which `commands` between backticks are set as code that can be copied. Never markup. */
export function Prose({ children }: { children: string }) {
  return (
    <bdi class="prose">
      {splitCommands(children).map((part, index) =>
        part.command ? (
          <span class="command" key={index}>
            <code>{part.text}</code>
            <CopyButton value={part.text} />
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}
