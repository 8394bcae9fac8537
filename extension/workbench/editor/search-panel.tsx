import { useSignal } from '@preact/signals';
import { IconButton } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Cell, RowGrid } from '../design/row-grid.tsx';
import { CaseIcon, RegexIcon, SearchIcon } from '../icons/icons.tsx';
import { shownPath, withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import type { EditorModel } from './editor-model.ts';

const ROW_PX = 40;

/** Finds a text in all files of the worktree. */
export function SearchPanel({ editor }: { editor: EditorModel }) {
  const chosen = useSignal<string | undefined>(undefined);
  const { text: query, regex, matchCase } = editor.searched.value;
  const change = (part: Partial<typeof editor.searched.value>) => {
    editor.searched.value = { ...editor.searched.peek(), ...part };
  };
  const matches = editor.matches.value;
  const state = editor.searchState.value;
  const run = () => void editor.search();
  const toggle = (part: Partial<typeof editor.searched.value>) => {
    change(part);
    run();
  };
  return (
    <>
      <form
        class="search-field editor-filter"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <SearchIcon />
        <input
          class="field"
          type="search"
          maxLength={500}
          placeholder={text('editor.search')}
          aria-label={text('editor.search')}
          value={query}
          onInput={(event) => change({ text: event.currentTarget.value })}
          onChange={run}
        />
        <IconButton
          label={text('editor.search.case')}
          icon={<CaseIcon />}
          pressed={matchCase}
          onClick={() => toggle({ matchCase: !matchCase })}
        />
        <IconButton
          label={text('console.regex')}
          icon={<RegexIcon />}
          pressed={regex}
          onClick={() => toggle({ regex: !regex })}
        />
      </form>
      {editor.searchFailure.value && (
        <div class="editor-notice">
          <FailureNotice failure={editor.searchFailure.value} />
        </div>
      )}
      <p class="editor-hint quiet" role="status">
        {state === 'idle'
          ? text('editor.search.hint')
          : state === 'busy'
            ? text('editor.search.busy')
            : text(state === 'truncated' ? 'editor.search.truncated' : 'editor.search.found', {
                count: matches.length,
              })}
      </p>
      {matches.length > 0 && (
        <RowGrid
          class="search-matches"
          label={text('editor.search.results')}
          rows={matches}
          rowPx={ROW_PX}
          columnCount={1}
          keyOf={(match) => `${match.path}:${match.line}:${match.column}`}
          chosen={chosen.value}
          onChoose={(match) => (chosen.value = `${match.path}:${match.line}:${match.column}`)}
          onOpen={({ path, line, column }) => editor.open({ path, line, column })}
          cells={(match) => (
            <Cell class="match" title={shownPath(match.path)}>
              <bdi class="truncate match-text">{withoutDirectionMarks(match.text.trim())}</bdi>
              <bdi class="truncate quiet">
                {shownPath(match.path)}:{match.line}
              </bdi>
            </Cell>
          )}
        />
      )}
    </>
  );
}
