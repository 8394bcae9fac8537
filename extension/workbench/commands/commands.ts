import { untracked } from '@preact/signals';
import { groupRepeats } from '../console/console-settings.ts';
import { editorShown, shownDock, toggleDock } from '../layout/panels.ts';
import { listShown } from '../layout/shares.ts';
import { THEMES, theme } from '../layout/theme.ts';
import { actOn, openAppInTab } from '../preview/actions.ts';
import { DEVICE_NAMES } from '../preview/device.ts';
import type { Session } from '../session.ts';
import { text } from '../text/text.ts';
import type { WorkbenchModel } from '../workbench-model.ts';
import { shortcutOf } from './shortcuts.ts';

/** Something a person can have done by its name. */
export interface Command {
  key: string;
  label: string;
  hint?: string | undefined;
  run: () => void;
}

/** All that can be done right now: screens, panels, what is shown, and every attempt. */
export function commandsNow(workbench: WorkbenchModel, session: Session): Command[] {
  return [
    ...screens(workbench),
    ...panels(),
    ...ofPreview(workbench),
    ...lifecycle(workbench),
    ...looks(),
    ...attempts(workbench, session),
  ];
}

function screens({ view }: WorkbenchModel): Command[] {
  return [
    { key: 'attempts', label: text('action.back-to-list'), run: () => view.showAttempts() },
    { key: 'environments', label: text('environments.heading'), run: () => view.showScreen('environments') },
    { key: 'dashboard', label: text('dashboard.heading'), run: () => view.showScreen('dashboard') },
    { key: 'settings', label: text('settings.heading'), run: () => view.showScreen('settings') },
    { key: 'list', label: text('list.toggle'), run: () => (listShown.value = !listShown.peek()) },
  ];
}

function panels(): Command[] {
  const shown = untracked(shownDock);
  const panel = (isShown: boolean, name: string) =>
    text(isShown ? 'panel.hide' : 'panel.show', { panel: name });
  return [
    {
      key: 'console',
      label: panel(shown.includes('console'), text('console.heading')),
      hint: shortcutOf('console'),
      run: () => toggleDock('console'),
    },
    {
      key: 'network',
      label: panel(shown.includes('network'), text('network.heading')),
      hint: shortcutOf('network'),
      run: () => toggleDock('network'),
    },
    {
      key: 'editor',
      label: panel(editorShown.peek(), text('editor.heading')),
      hint: shortcutOf('editor'),
      run: () => (editorShown.value = !editorShown.peek()),
    },
  ];
}

function ofPreview({ activePreview }: WorkbenchModel): Command[] {
  const preview = activePreview.peek();
  if (!preview) return [];
  const { device, frame } = preview;
  return [
    { key: 'reload', label: text('preview.reload'), run: () => frame.reload() },
    {
      key: 'quick-open',
      label: text('shortcut.quick-open'),
      hint: shortcutOf('quick-open'),
      run: () => preview.showEditor('quick-open'),
    },
    {
      key: 'search',
      label: text('shortcut.search'),
      hint: shortcutOf('search'),
      run: () => preview.showEditor('search'),
    },
    { key: 'clear', label: text('console.clear'), run: () => preview.console.clear() },
    ...DEVICE_NAMES.map((name) => ({
      key: `device-${name}`,
      label: text(`device.${name}`),
      hint: text('device.toggle'),
      run: () => device.choose(name),
    })),
    { key: 'device-fill', label: text('device.fill'), hint: text('device.toggle'), run: () => device.fill() },
  ];
}

function lifecycle(workbench: WorkbenchModel): Command[] {
  const preview = workbench.activePreview.peek();
  const environment = preview?.environment.peek();
  if (!preview || !environment) return [];
  const { status, title } = environment;
  const hint = title || text('attempts.untitled');
  const act = (action: 'suspend' | 'resume' | 'restart') => ({
    key: action,
    label: text(`preview.${action}`),
    hint,
    run: () => void actOn(preview, action),
  });
  return [
    ...(status === 'running' ? [act('suspend')] : []),
    ...(status === 'suspended' ? [act('resume')] : []),
    act('restart'),
    { key: 'stop', label: text('preview.stop'), hint, run: () => workbench.end([environment]) },
    { key: 'open-app', label: text('preview.open-in-tab'), hint, run: () => void openAppInTab(preview) },
  ];
}

function looks(): Command[] {
  return [
    ...THEMES.map((each) => ({
      key: `theme-${each}`,
      label: text(`settings.theme.${each}`),
      hint: text('settings.theme'),
      run: () => {
        theme.value = each;
      },
    })),
    {
      key: 'group',
      label: text('console.option.group'),
      hint: text('console.heading'),
      run: () => (groupRepeats.value = !groupRepeats.peek()),
    },
  ];
}

function attempts(workbench: WorkbenchModel, session: Session): Command[] {
  const environments = session.environments.list.peek();
  const started = new Set(environments.map(({ worktree }) => worktree));
  return [
    ...environments.map(({ id, title, branch }) => ({
      key: `show-${id}`,
      label: title || text('attempts.untitled'),
      hint: branch,
      run: () => workbench.view.showEnvironment(id),
    })),
    ...(session.attempts.list.peek()?.attempts ?? [])
      .filter(({ worktree }) => !started.has(worktree))
      .map((attempt, index) => ({
        key: `start-${index}`,
        label: text('attempts.start.of', { title: attempt.title || text('attempts.untitled') }),
        hint: attempt.branch,
        run: () => void workbench.startAttempt(attempt),
      })),
  ];
}
