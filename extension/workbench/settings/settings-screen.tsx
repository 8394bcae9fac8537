import './settings.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ShortcutSettings } from '../commands/shortcut-settings.tsx';
import { groupRepeats, preserveLog, showTimes } from '../console/console-settings.ts';
import { Segments } from '../design/segments.tsx';
import { ScreenHeader } from '../layout/screen-header.tsx';
import { THEMES, theme } from '../layout/theme.ts';
import { notifyOutside } from '../notifications/notify-setting.ts';
import { LANGUAGES, languageChoice } from '../text/language.ts';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { ConfigSection } from './config-section.tsx';
import { SourcesSection } from './sources-section.tsx';

/** What a person can have their own way. Kept in this browser. */
export function SettingsScreen() {
  return (
    <section class="screen" aria-label={text('settings.heading')}>
      <ScreenHeader title={text('settings.heading')} />
      <div class="screen-body">
        <div class="settings">
          <Group heading={text('settings.look')}>
            <div class="setting">
              <span>{text('settings.theme')}</span>
              <Segments
                label={text('settings.theme')}
                value={theme.value}
                options={THEMES.map((value) => ({ value, label: text(`settings.theme.${value}`) }))}
                onChange={(value) => (theme.value = value)}
              />
            </div>
            <div class="setting">
              <span>{text('settings.language')}</span>
              <Segments
                label={text('settings.language')}
                value={languageChoice.value}
                options={(['system', ...LANGUAGES] as const).map((value) => ({
                  value,
                  label: text(`settings.language.${value}`),
                }))}
                onChange={(value) => (languageChoice.value = value)}
              />
            </div>
          </Group>
          <Group heading={text('console.heading')}>
            <Switch label={text('console.option.times')} setting={showTimes} />
            <Switch label={text('console.option.group')} setting={groupRepeats} />
            <Switch label={text('console.option.preserve')} setting={preserveLog} />
          </Group>
          <NotificationSetting />
          <Group heading={text('settings.sources')}>
            <SourcesSection />
          </Group>
          <Group heading={text('config.heading')}>
            <ConfigSection />
          </Group>
          <Group heading={text('shortcuts.heading')}>
            <ShortcutSettings />
          </Group>
          <p class="quiet">{text('settings.stored')}</p>
        </div>
      </div>
    </section>
  );
}

/** Turned on with the browser's leave alone. */
function NotificationSetting() {
  const { notifications } = useWorkbench().home;
  const refused = useSignal(false);
  if (!notifications) return null;
  const change = async (isWanted: boolean) => {
    const isAllowed = isWanted && (await notifications.request().catch(() => false));
    refused.value = isWanted && !isAllowed;
    notifyOutside.value = isAllowed;
  };
  return (
    <Group heading={text('settings.notifications')}>
      <label class="setting">
        <span>{text('settings.notify')}</span>
        <input
          type="checkbox"
          checked={notifyOutside.value}
          onChange={(event) => {
            const { currentTarget: box } = event;
            void change(box.checked).then(() => (box.checked = notifyOutside.peek()));
          }}
        />
      </label>
      {refused.value && <p role="alert">{text('settings.notify-refused')}</p>}
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ComponentChildren }) {
  return (
    <section class="settings-group">
      <h2>{heading}</h2>
      {children}
    </section>
  );
}

function Switch({ label, setting }: { label: string; setting: { value: boolean } }) {
  return (
    <label class="setting">
      <span>{label}</span>
      <input
        type="checkbox"
        checked={setting.value}
        onChange={(event) => (setting.value = event.currentTarget.checked)}
      />
    </label>
  );
}
