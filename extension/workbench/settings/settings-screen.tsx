import './settings.css';
import type { ComponentChildren } from 'preact';
import { ShortcutList } from '../commands/command-center.tsx';
import { groupRepeats, preserveLog, showTimes } from '../console/console-settings.ts';
import { Segments } from '../design/segments.tsx';
import { ScreenHeader } from '../layout/screen-header.tsx';
import { THEMES, theme } from '../layout/theme.ts';
import { LANGUAGES, languageChoice } from '../text/language.ts';
import { text } from '../text/text.ts';

/** What a person can have their own way. Kept in this browser. */
export function SettingsScreen() {
  return (
    <section class="screen" aria-label={text('settings.heading')}>
      <ScreenHeader title={text('settings.heading')} />
      <div class="screen-body settings">
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
        <Group heading={text('shortcuts.heading')}>
          <ShortcutList />
        </Group>
        <p class="quiet">{text('settings.stored')}</p>
      </div>
    </section>
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
