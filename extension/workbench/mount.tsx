import { render } from 'preact';
import { z } from 'zod';
import type { WorkbenchHome } from './home.ts';
import { Workbench } from './workbench.tsx';
import { WorkbenchModel } from './workbench-model.ts';

/** Puts the workbench into an element that has all the room. Returns the way to take it out again. */
export function mountWorkbench(root: HTMLElement, home: WorkbenchHome): () => void {
  // Pages of extensions and of the companion forbid eval, which zod would otherwise try out.
  z.config({ jitless: true });
  const model = new WorkbenchModel(home);
  render(<Workbench model={model} />, root);
  return () => {
    render(null, root);
    model.close();
  };
}
