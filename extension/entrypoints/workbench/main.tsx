import '../../workbench/without-eval.ts';
import { signal } from '@preact/signals';
import { extensionHome } from '../../page/extension-home.ts';
import { pageLifetime } from '../../page/lifetime.ts';
import { rootElement } from '../../page/root.ts';
import { targetFromQuery } from '../../page/target-query.ts';
import { readDeepLink } from '../../workbench/layout/deep-link.ts';
import { mountWorkbench } from '../../workbench/mount.tsx';

const target = signal(targetFromQuery(location.search));
mountWorkbench(rootElement(), {
  ...extensionHome('tab', target, pageLifetime()),
  link: readDeepLink(new URLSearchParams(location.search)),
});
