import type { Environment } from '#shared/api/environment.ts';
import type { ProviderName } from '#shared/identifiers.ts';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { text } from '../text/text.ts';
import { actOn } from './actions.ts';
import type { PreviewModel } from './preview-model.ts';

/** Those that every companion has. */
const PROVIDERS = ['sandpack', 'devserver'] as const satisfies readonly ProviderName[];

interface ProviderMenuProps {
  preview: PreviewModel;
  environment: Environment;
}

/** What runs the frontend, why, and what else could: a choice starts the preview anew with it. */
export function ProviderMenu({ preview, environment }: ProviderMenuProps) {
  const { provider, providerReason, runtime } = environment;
  const shown = `${provider} · ${runtime}`;
  return (
    <Menu
      label={`${text('preview.provider')}: ${shown}`}
      heading={text('preview.provider.why', { provider, reason: providerReason })}
      buttonClass="identity-kind"
      items={providerItems(preview, environment)}
    >
      {shown}
    </Menu>
  );
}

/** One for each provider; the one in use is checked. */
export function providerItems(preview: PreviewModel, { provider }: Environment): MenuItem[] {
  const busy = preview.session.environments.busy.value.has(preview.id);
  return PROVIDERS.map((name) => ({
    key: name,
    label: text(`preview.provider.${name}`),
    checked: name === provider,
    disabled: busy,
    onSelect: () => {
      if (name !== provider) void actOn(preview, { provider: name });
    },
  }));
}
