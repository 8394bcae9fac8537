import type { Environment } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { Menu } from '../design/menu.tsx';
import { saveFile } from '../design/save-file.ts';
import { CameraIcon, CopyIcon, DownIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import type { PreviewModel } from './preview-model.ts';
import { screenshotObstacle, takeScreenshot } from './screenshot.ts';

/** Copies or saves a picture of the app; says why where that cannot be done. */
export function ScreenshotMenu({
  preview,
  environment,
}: {
  preview: PreviewModel;
  environment: Environment;
}) {
  const workbench = useWorkbench();
  const obstacle = screenshotObstacle(workbench.home);
  const take = async (use: (picture: Blob) => Promise<void> | void, done: string) => {
    try {
      const element = document.querySelector(`[data-preview="${CSS.escape(preview.id)}"] iframe.frame`);
      if (!element) return;
      await use(await takeScreenshot(element));
      workbench.announce(done);
    } catch (thrown) {
      preview.actionFailure.value = toVitrineError(thrown);
    }
  };
  const disabled = obstacle !== undefined || preview.frame.document.value === undefined;
  return (
    <Menu
      label={text('screenshot.menu')}
      heading={obstacle}
      items={[
        {
          key: 'copy',
          label: text('screenshot.copy'),
          icon: <CopyIcon />,
          disabled,
          onSelect: () =>
            void take(
              (picture) => navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]),
              text('screenshot.copied'),
            ),
        },
        {
          key: 'save',
          label: text('screenshot.save'),
          icon: <DownIcon />,
          disabled,
          onSelect: () =>
            void take((picture) => saveFile(`${environment.title}.png`, picture), text('screenshot.saved')),
        },
      ]}
    >
      <CameraIcon />
    </Menu>
  );
}
