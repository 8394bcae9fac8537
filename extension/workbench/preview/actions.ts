import { toVitrineError } from '#shared/errors.ts';
import type { ProviderName } from '#shared/identifiers.ts';
import type { EnvironmentAction } from '../environments/environment-store.ts';
import { urlAtRoute } from './frame-controller.ts';
import type { PreviewModel } from './preview-model.ts';

/** Does it; a refusal is shown in the preview. Never rejects. */
export async function actOn(
  preview: PreviewModel,
  action: EnvironmentAction | { provider: ProviderName },
): Promise<void> {
  preview.actionFailure.value = undefined;
  try {
    const { environments } = preview.session;
    if (typeof action === 'string') await environments.act(preview.id, action);
    else await environments.switchProvider(preview.id, action.provider);
  } catch (thrown) {
    if (!preview.session.signal.aborted) preview.actionFailure.value = toVitrineError(thrown);
  }
}

/** Opens the app alone in a tab of the browser, at the route it is at. Never rejects. */
export async function openAppInTab(preview: PreviewModel): Promise<void> {
  try {
    const url = urlAtRoute(await preview.freshUrl(), preview.frame.route.peek());
    window.open(url, '_blank', 'noopener,noreferrer');
  } catch (thrown) {
    preview.actionFailure.value = toVitrineError(thrown);
  }
}
