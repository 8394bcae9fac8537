import './without-eval.ts';
import { effect } from '@preact/signals';
import { render } from 'preact';
import type { WorkbenchHome } from './home.ts';
import { followTheme } from './layout/theme.ts';
import { language } from './text/language.ts';
import { Workbench } from './workbench.tsx';
import { WorkbenchModel } from './workbench-model.ts';

/** Puts the workbench into an element that has all the room. Returns the way to take it out again. */
export function mountWorkbench(root: HTMLElement, home: WorkbenchHome): () => void {
  const model = new WorkbenchModel(home);
  root.classList.add('workbench-root');
  const stops = [
    followTheme(document.documentElement),
    effect(() => {
      document.documentElement.lang = language.value;
    }),
  ];
  render(<Workbench model={model} />, root);
  return () => {
    render(null, root);
    model.close();
    for (const stop of stops) stop();
  };
}
