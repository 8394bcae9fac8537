import '../without-eval.ts';
import { signal } from '@preact/signals';
import { connectServedWorkbench } from '../../companion/served-connection.ts';
import { mountWorkbench } from '../mount.tsx';
import { pageNotifications } from '../notifications/system-notifications.ts';
import { fragmentOf, linkFromAddress, targetFromAddress } from './address.ts';

const root = document.getElementById('workbench');
if (!root) throw new Error('The page of the workbench has no element for it.');

const target = signal(targetFromAddress(location));
addEventListener('hashchange', () => {
  target.value = targetFromAddress(location);
});

mountWorkbench(root, {
  kind: 'served',
  // The page lives as long as its connection: nothing ever aborts it.
  connection: connectServedWorkbench(location.origin, new AbortController().signal),
  target,
  link: linkFromAddress(location),
  notifications: pageNotifications(),
  onShown: (shown, link) => history.replaceState(null, '', `${location.pathname}${fragmentOf(shown, link)}`),
});
