import '../../workbench/without-eval.ts';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Target } from '#shared/extension/target.ts';
import { BoardOffer } from '../../page/board-offer.tsx';
import { extensionHome } from '../../page/extension-home.ts';
import { pageLifetime } from '../../page/lifetime.ts';
import { rootElement } from '../../page/root.ts';
import { mountWorkbench } from '../../workbench/mount.tsx';
import { followActiveTab } from './active-tab.ts';

const lifetime = pageLifetime();
const shown = signal<Target>({ kind: 'none' });
const target = signal<Target>({ kind: 'none' });

// What was beside the page when the sidebar opened is what it is for; later changes are offered, not taken.
target.value = await followActiveTab(shown, lifetime);
mountWorkbench(rootElement(), extensionHome('sidebar', target, lifetime));

const offers = document.body.appendChild(document.createElement('div'));
render(
  <BoardOffer
    shown={shown}
    target={target}
    onAccept={(accepted) => {
      target.value = accepted;
    }}
  />,
  offers,
);
