import { IconButton } from '../design/button.tsx';
import { CloseIcon, DiffIcon, SaveIcon, SidebarIcon } from '../icons/icons.tsx';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import type { EditorModel, EditorTab } from './editor-model.ts';

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
  return (
    <div class="editor-bar">
      <IconButton
        label={text('editor.sidebar')}
        icon={<SidebarIcon />}
        pressed={sidebarShown}
        onClick={onToggleSidebar}
      />
      <ul class="editor-tabs" aria-label={text('editor.tabs')}>
        {editor.tabs.value.map((tab) => (
          <Tab key={`${tab.kind} ${tab.path}`} editor={editor} tab={tab} />
        ))}
      </ul>
      {file?.isDirty.value && (
        <IconButton
          label={text('editor.save')}
          icon={<SaveIcon />}
          busy={file.saving.value}
          disabled={file.isReadOnly.value}
          onClick={() => void file.save()}
        />
      )}
      {active?.kind === 'file' && (
        <IconButton
          label={text('editor.diff.show')}
          icon={<DiffIcon />}
          onClick={() => editor.open({ path: active.path }, 'diff')}
        />
      )}
      <IconButton label={text('editor.hide')} icon={<CloseIcon />} onClick={onClose} />
    </div>
  );
}

function Tab({ editor, tab }: { editor: EditorModel; tab: EditorTab }) {
  const name =
    tab.kind === 'changes'
      ? text('editor.diff.all')
      : withoutDirectionMarks(tab.path.slice(tab.path.lastIndexOf('/') + 1));
  const isActive = editor.active.value === tab;
  const isDirty = tab.kind === 'file' && editor.file(tab.path).isDirty.value;
  return (
    <li class={isActive ? 'editor-tab active' : 'editor-tab'}>
      <button
        type="button"
        class="editor-tab-name"
        aria-current={isActive ? 'true' : undefined}
        title={withoutDirectionMarks(tab.path)}
        onClick={() => (editor.active.value = tab)}
        onAuxClick={(event) => event.button === 1 && editor.close(tab)}
      >
        {tab.kind !== 'file' && <DiffIcon />}
        <bdi class="truncate">{name}</bdi>
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
