import { useEffect, useRef } from 'preact/hooks';
import { shortcutKeys } from '../commands/shortcuts.ts';
import { IconButton } from '../design/button.tsx';
import { CloseIcon, DiffIcon, LockIcon, SaveIcon, SidebarIcon } from '../icons/icons.tsx';
import { shownPath } from '../text/name.ts';
import { text } from '../text/text.ts';
import type { EditorModel, EditorTab } from './editor-model.ts';
import { readOnlyMode } from './read-only-mode.ts';

interface TabBarProps {
  editor: EditorModel;
  sidebarShown: boolean;
  onToggleSidebar: () => void;
  onClose: () => void;
}

/** The open files, and what can be done with the one that is shown. */
export function TabBar({ editor, sidebarShown, onToggleSidebar, onClose }: TabBarProps) {
  const active = editor.active.value;
  const file = active?.kind === 'file' ? editor.file(active.path) : undefined;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (active)
      list.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active]);
  return (
    <div class="editor-bar">
      <IconButton
        label={text('editor.sidebar')}
        icon={<SidebarIcon />}
        pressed={sidebarShown}
        onClick={onToggleSidebar}
      />
      <ul class="editor-tabs" aria-label={text('editor.tabs')} ref={list}>
        {editor.tabs.value.map((tab) => (
          <Tab
            key={`${tab.kind} ${tab.path}`}
            editor={editor}
            tab={tab}
            isAmbiguous={editor.tabs.value.some(
              (other) => other.path !== tab.path && nameOf(other) === nameOf(tab),
            )}
          />
        ))}
      </ul>
      {file?.isDirty.value && (
        <IconButton
          label={text('editor.save')}
          keys={shortcutKeys('save')}
          icon={<SaveIcon />}
          busy={file.saving.value}
          disabled={file.isReadOnly.value}
          onClick={() => void file.save()}
        />
      )}
      {active?.kind === 'file' && (
        <IconButton
          label={text('editor.read-only.mode')}
          icon={<LockIcon />}
          pressed={readOnlyMode.value}
          onClick={() => (readOnlyMode.value = !readOnlyMode.value)}
        />
      )}
      {active?.kind === 'file' && (
        <IconButton
          label={text('editor.diff.show')}
          icon={<DiffIcon />}
          onClick={() => editor.open({ path: active.path }, 'diff')}
        />
      )}
      <IconButton
        label={text('editor.hide')}
        icon={<CloseIcon />}
        keys={shortcutKeys('editor')}
        onClick={onClose}
      />
    </div>
  );
}

function nameOf({ path }: EditorTab): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

interface TabProps {
  editor: EditorModel;
  tab: EditorTab;
  /** Another file of this name is open. */
  isAmbiguous: boolean;
}

function Tab({ editor, tab, isAmbiguous }: TabProps) {
  const name = tab.kind === 'changes' ? text('editor.diff.all') : shownPath(nameOf(tab));
  const directory = isAmbiguous ? tab.path.split('/').slice(-2, -1).join('') : '';
  const isActive = editor.active.value === tab;
  const isDirty = tab.kind === 'file' && editor.file(tab.path).isDirty.value;
  return (
    <li class={isActive ? 'editor-tab active' : 'editor-tab'}>
      <button
        type="button"
        class="editor-tab-name"
        aria-current={isActive ? 'true' : undefined}
        title={shownPath(tab.path)}
        onClick={() => (editor.active.value = tab)}
        onAuxClick={(event) => event.button === 1 && editor.close(tab)}
      >
        {tab.kind !== 'file' && <DiffIcon />}
        <bdi class="truncate">
          {name}
          {directory && <span class="quiet"> {shownPath(directory)}</span>}
        </bdi>
        {isDirty && (
          <span class="dirty" title={text('editor.unsaved')}>
            ●<span class="visually-hidden">{text('editor.unsaved')}</span>
          </span>
        )}
      </button>
      <IconButton
        class="editor-tab-close"
        label={text('editor.close', { name })}
        icon={<CloseIcon />}
        onClick={() => editor.close(tab)}
      />
    </li>
  );
}
