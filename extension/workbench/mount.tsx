import './without-eval.ts';
import { render } from 'preact';
import type { WorkbenchHome } from './home.ts';
import { Workbench } from './workbench.tsx';
import { WorkbenchModel } from './workbench-model.ts';

/** Puts the workbench into an element that has all the room. Returns the way to take it out again. */
export function mountWorkbench(root: HTMLElement, home: WorkbenchHome): () => void {
  const model = new WorkbenchModel(home);
  root.classList.add('workbench-root');
  render(<Workbench model={model} />, root);
  return () => {
    render(null, root);
    model.close();
  };
}
