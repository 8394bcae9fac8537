import '../without-eval.ts';
import { signal } from '@preact/signals';
import { connectServedWorkbench } from '../../companion/served-connection.ts';
import type { WorkbenchTarget } from '../home.ts';
import { mountWorkbench } from '../mount.tsx';

const root = document.getElementById('workbench');
if (!root) throw new Error('The page of the workbench has no element for it.');

mountWorkbench(root, {
  kind: 'served',
  // The page lives as long as its connection: nothing ever aborts it.
  connection: connectServedWorkbench(location.origin, new AbortController().signal),
  target: signal<WorkbenchTarget>({ kind: 'none' }),
});
