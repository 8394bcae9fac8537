import './editor.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { shortcutFor } from '../commands/shortcuts.ts';
import { Button } from '../design/button.tsx';
import { Chooser } from '../design/chooser.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Segments } from '../design/segments.tsx';
import { DiffIcon, SpinnerIcon } from '../icons/icons.tsx';
import { editorShown } from '../layout/panels.ts';
import { SIDEBAR_SHARE, sidebarShare } from '../layout/shares.ts';
import { SplitPane } from '../layout/split-pane.tsx';
import type { EditorTool, PreviewModel } from '../preview/preview-model.ts';
import { shownPath } from '../text/name.ts';
import { text } from '../text/text.ts';
import { AttemptDiff } from './attempt-diff.tsx';
import { DiffPane } from './diff-pane.tsx';
import { type EditorModel, editorOf, hasUnsaved } from './editor-model.ts';
import { FilePane } from './file-pane.tsx';
import { FileTree } from './file-tree.tsx';
import { SearchPanel } from './search-panel.tsx';
import { TabBar } from './tab-bar.tsx';

const LEAST_SIDEBAR_PX = 150;
/** As in editor.css. */
const LEAST_BOTH_PX = 460;

/** The worktree's files beside the app they are. */
export function EditorPane({ preview }: { preview: PreviewModel }) {
  const editor = editorOf(preview.session, preview.id);
  const choosing = useSignal(false);
  const sidebarShown = useSignal(true);
  const section = useRef<HTMLElement>(null);

  useEffect(() => editor.refreshAll(), [editor]);
  useEffect(() => {
    if (preview.returns.value > 0) editor.onReturn();
  }, [editor, preview.returns.value]);
  useEffect(() => {
    const { paths } = preview.fileChanges.value;
    if (paths.length > 0) editor.onFilesChanged(paths);
  }, [editor, preview.fileChanges.value]);
  useEffect(() => {
    const place = preview.wantedSource.value;
    if (!place) return;
    editor.open(place);
    preview.wantedSource.value = undefined;
  }, [editor, preview.wantedSource.value]);
  useEffect(() => {
    // No room for both: a file that was chosen takes the place of the list.
    const width = section.current?.clientWidth ?? 0;
    if (editor.active.value && width > 0 && width < LEAST_BOTH_PX) sidebarShown.value = false;
  }, [editor.active.value, sidebarShown]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (hasUnsaved(preview.session)) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [preview.session]);

  useEffect(() => {
    const tool = preview.wantedTool.value;
    if (!tool) return;
    preview.wantedTool.value = undefined;
    use(tool);
  }, [preview.wantedTool.value]);

  function use(tool: EditorTool): void {
    if (tool === 'quick-open') choosing.value = true;
    else {
      sidebarShown.value = true;
      if (tool === 'search' || editor.sidebar.peek() === 'search') editor.sidebar.value = tool;
      requestAnimationFrame(() =>
        section.current?.querySelector<HTMLElement>('.editor-sidebar input[type=search]')?.focus(),
      );
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const shortcut = shortcutFor(event, true);
    if (shortcut !== 'quick-open' && shortcut !== 'search') return;
    event.preventDefault();
    event.stopPropagation();
    use(shortcut);
  }

  return (
    <section class="editor" aria-label={text('editor.heading')} ref={section} onKeyDownCapture={onKeyDown}>
      <TabBar
        editor={editor}
        sidebarShown={sidebarShown.value}
        onToggleSidebar={() => (sidebarShown.value = !sidebarShown.value)}
        onClose={() => (editorShown.value = false)}
      />
      <SplitPane
        direction="row"
        at="start"
        share={sidebarShare}
        defaultShare={SIDEBAR_SHARE}
        minPx={LEAST_SIDEBAR_PX}
        label={text('editor.sidebar.divider')}
        side={sidebarShown.value && <Sidebar editor={editor} />}
        main={<Shown editor={editor} onChoose={() => (choosing.value = true)} />}
      />
      {choosing.value && editor.tree.value && (
        <Chooser
          label={text('editor.quick-open')}
          items={editor.tree.value.files
            .filter(({ status }) => status !== 'deleted')
            .map(({ path }) => ({ key: path, label: shownPath(path) }))}
          onChoose={(path) => editor.open({ path }, 'file', { takesFocus: true })}
          onClose={() => (choosing.value = false)}
        />
      )}
    </section>
  );
}

function Sidebar({ editor }: { editor: EditorModel }) {
  const shown = editor.sidebar.value;
  const failure = editor.treeFailure.value;
  const count = editor.changed.value.length;
  return (
    <div class="editor-sidebar">
      <Segments
        label={text('editor.sidebar.kind')}
        value={shown}
        options={[
          { value: 'files', label: text('editor.files') },
          { value: 'search', label: text('editor.search.short') },
          { value: 'changes', label: `${text('editor.changes')}${count > 0 ? ` ${count}` : ''}` },
        ]}
        onChange={(value) => (editor.sidebar.value = value)}
      />
      {failure && (
        <div class="editor-notice">
          <FailureNotice
            failure={failure}
            actions={<Button onClick={() => void editor.refreshTree()}>{text('action.retry')}</Button>}
          />
        </div>
      )}
      {shown === 'search' ? (
        <SearchPanel editor={editor} />
      ) : editor.tree.value ? (
        <>
          {shown === 'changes' && count > 0 && (
            <span class="all-changes">
              <Button icon={<DiffIcon />} onClick={() => editor.open({ path: '' }, 'changes')}>
                {text('editor.diff.all')}
              </Button>
            </span>
          )}
          <FileTree key={shown} editor={editor} onlyChanged={shown === 'changes'} />
        </>
      ) : (
        !failure && (
          <p class="editor-message quiet" role="status">
            <SpinnerIcon /> {text('editor.loading')}
          </p>
        )
      )}
    </div>
  );
}

function Shown({ editor, onChoose }: { editor: EditorModel; onChoose: () => void }) {
  const active = editor.active.value;
  if (!active) {
    return (
      <div class="editor-message quiet">
        <p>{text('editor.empty')}</p>
        <span class="empty-actions">
          {editor.changed.value.length > 0 && (
            <Button icon={<DiffIcon />} onClick={() => editor.open({ path: '' }, 'changes')}>
              {text('editor.diff.all')}
            </Button>
          )}
          <Button onClick={onChoose}>{text('editor.quick-open')}</Button>
        </span>
      </div>
    );
  }
  if (active.kind === 'changes') return <AttemptDiff editor={editor} />;
  return active.kind === 'diff' ? (
    <DiffPane key={`diff ${active.path}`} editor={editor} path={active.path} />
  ) : (
    <FilePane key={active.path} editor={editor} path={active.path} />
  );
}
