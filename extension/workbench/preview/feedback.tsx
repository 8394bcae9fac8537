import type { Environment } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { IconButton } from '../design/button.tsx';
import { ThumbDownIcon, ThumbUpIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import type { PreviewModel } from './preview-model.ts';

/** One click says whether the preview was useful; a second one on the same takes it back. Kept on this machine. */
export function FeedbackButtons({
  preview,
  environment,
}: {
  preview: PreviewModel;
  environment: Environment;
}) {
  const workbench = useWorkbench();
  const say = async (useful: boolean) => {
    const said = environment.useful === useful ? null : useful;
    try {
      const { client, environments, signal } = preview.session;
      environments.put(await client.environments.sendFeedback(preview.id, { useful: said }, signal));
      workbench.announce(text(said === null ? 'feedback.taken-back' : 'feedback.thanks'));
    } catch (thrown) {
      if (!preview.session.signal.aborted) preview.actionFailure.value = toVitrineError(thrown);
    }
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend along
    <span class="feedback" role="group" aria-label={text('feedback')}>
      <IconButton
        label={text('feedback.useful')}
        icon={<ThumbUpIcon />}
        pressed={environment.useful === true}
        onClick={() => void say(true)}
      />
      <IconButton
        label={text('feedback.not-useful')}
        icon={<ThumbDownIcon />}
        pressed={environment.useful === false}
        onClick={() => void say(false)}
      />
    </span>
  );
}
