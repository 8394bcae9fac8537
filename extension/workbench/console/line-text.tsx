import { useState } from 'preact/hooks';
import { text } from '../text/text.ts';
import { parseAnsi } from './ansi.ts';

/** Longer texts are cut until somebody asks for all. */
const SHOWN_CHARACTERS = 800;
/** A rest that is no longer than the button is wide, a few lines, is shown at once. */
const MOST_REST = 400;

/** A printed text with its colours, cut where it is long. */
export function LineText({ of }: { of: string }) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && of.length > SHOWN_CHARACTERS + MOST_REST;
  return (
    <>
      <Runs of={cut ? of.slice(0, SHOWN_CHARACTERS) : of} />
      {cut && (
        <button type="button" class="console-more" onClick={() => setWhole(true)}>
          {text('console.more', { count: of.length })}
        </button>
      )}
    </>
  );
}

export function Runs({ of }: { of: string }) {
  return (
    <>
      {parseAnsi(of).map((run, index) =>
        run.color || run.background || run.bold || run.dim || run.italic || run.underline ? (
          <span key={index} style={styleOf(run)}>
            {run.text}
          </span>
        ) : (
          run.text
        ),
      )}
    </>
  );
}

function styleOf(run: ReturnType<typeof parseAnsi>[number]) {
  return {
    color: run.color,
    backgroundColor: run.background,
    fontWeight: run.bold ? 600 : undefined,
    opacity: run.dim ? 0.7 : undefined,
    fontStyle: run.italic ? 'italic' : undefined,
    textDecoration: run.underline ? 'underline' : undefined,
  };
}
