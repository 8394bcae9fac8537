import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { hasOddBytes } from '#shared/api/path-bytes.ts';
import type { ChangeStatus } from '#shared/api/source.ts';
import { Cell, RowGrid } from '../design/row-grid.tsx';
import { FileIcon, SearchIcon, WarningIcon } from '../icons/icons.tsx';
import { shownPath } from '../text/name.ts';
import { text } from '../text/text.ts';
import type { EditorModel } from './editor-model.ts';
import { filteredRows, parentsOf, type TreeRow, treeRows } from './tree-rows.ts';

const ROW_PX = 24;
const INDENT_PX = 12;
/** As git's short status writes them. */
const LETTERS: Record<ChangeStatus, string> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  conflicted: 'U',
};

/** The files of the worktree; with `onlyChanged` those that differ from where the attempt began, as their diffs. */
export function FileTree({ editor, onlyChanged }: { editor: EditorModel; onlyChanged: boolean }) {
  const chosen = useSignal<string | undefined>(editor.active.peek()?.path);
  const files = onlyChanged ? editor.changed.value : (editor.tree.value?.files ?? []);
  const filter = editor.filter.value;
  const shown = editor.active.value?.path;
  useEffect(() => {
    // However it was opened: by name, from a line of the console, from its tab. All changes are no file's.
    if (shown) chosen.value = shown;
  }, [chosen, shown]);
  const open = editor.openDirectories.value;
  const rows = useMemo(
    () => (filter !== '' || onlyChanged ? filteredRows(files, filter) : treeRows(files, open)),
    [files, filter, open, onlyChanged],
  );

  function openRow(row: TreeRow): void {
    if (row.kind === 'directory') editor.toggle(row.path);
    else editor.open({ path: row.path }, onlyChanged || row.status === 'deleted' ? 'diff' : 'file');
  }

  function onKey(key: string, row: TreeRow): boolean {
    const isDirectory = row.kind === 'directory';
    if (key === 'ArrowRight' && isDirectory && !row.isOpen) editor.toggle(row.path);
    else if (key === 'ArrowLeft' && isDirectory && row.isOpen) editor.toggle(row.path);
    else if (key === 'ArrowLeft' && parentsOf(row.path).length > 0) chosen.value = parentsOf(row.path).at(-1);
    else return false;
    return true;
  }

  return (
    <>
      <span class="search-field editor-filter">
        <SearchIcon />
        <input
          class="field"
          type="search"
          placeholder={text('editor.filter')}
          aria-label={text('editor.filter')}
          value={filter}
          onInput={(event) => (editor.filter.value = event.currentTarget.value)}
        />
      </span>
      {rows.length === 0 ? (
        <p class="editor-message quiet">
          {text(
            filter !== '' ? 'editor.filter.none' : onlyChanged ? 'editor.changes.none' : 'editor.files.none',
          )}
        </p>
      ) : (
        <RowGrid
          class="file-tree"
          role="treegrid"
          label={text(onlyChanged ? 'editor.changes' : 'editor.files')}
          rows={rows}
          rowPx={ROW_PX}
          columnCount={1}
          keyOf={(row) => row.path}
          chosen={chosen.value}
          onChoose={(row) => (chosen.value = row.path)}
          onOpen={openRow}
          onKey={onKey}
          level={(row) => ({ level: row.level, expanded: row.kind === 'directory' ? row.isOpen : undefined })}
          rowClass={(row) => row.status ?? ''}
          cells={(row) => (
            <Cell class="file" title={shownPath(row.path)}>
              <span style={{ width: `${(row.level - 1) * INDENT_PX}px`, flex: 'none' }} />
              {row.kind === 'directory' ? <span class={row.isOpen ? 'twist open' : 'twist'} /> : <FileIcon />}
              <bdi class="truncate">
                {shownPath(row.name)}
                {row.place && <span class="quiet"> {shownPath(row.place)}</span>}
              </bdi>
              {hasOddBytes(row.name) && (
                <span class="odd-name" title={text('editor.odd-name')}>
                  <WarningIcon />
                  <span class="visually-hidden">{text('editor.odd-name')}</span>
                </span>
              )}
              {row.status && row.kind === 'file' && (
                <span class="file-status" title={text(`editor.status.${row.status}`)}>
                  {LETTERS[row.status]}
                </span>
              )}
            </Cell>
          )}
        />
      )}
      {editor.tree.value?.truncated && <p class="editor-hint">{text('editor.files.truncated')}</p>}
    </>
  );
}
