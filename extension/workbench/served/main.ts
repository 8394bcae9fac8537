import '../without-eval.ts';
import { signal } from '@preact/signals';
import { connectServedWorkbench } from '../../companion/served-connection.ts';
import { mountWorkbench } from '../mount.tsx';
import { pageNotifications } from '../notifications/system-notifications.ts';
import { fragmentOf, linkFromFragment, targetFromFragment } from './address.ts';

const root = document.getElementById('workbench');
if (!root) throw new Error('The page of the workbench has no element for it.');

const target = signal(targetFromFragment(location.hash));
addEventListener('hashchange', () => {
  target.value = targetFromFragment(location.hash);
});

mountWorkbench(root, {
  kind: 'served',
  // The page lives as long as its connection: nothing ever aborts it.
  connection: connectServedWorkbench(location.origin, new AbortController().signal),
  target,
  link: linkFromFragment(location.hash),
  notifications: pageNotifications(),
  onShown: (shown, link) => history.replaceState(null, '', `${location.pathname}${fragmentOf(shown, link)}`),
});
