import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from './session.ts';
import type { WorkbenchModel } from './workbench-model.ts';

export const WorkbenchContext = createContext<WorkbenchModel | undefined>(undefined);
export const SessionContext = createContext<Session | undefined>(undefined);

/** The workbench around a component. */
export function useWorkbench(): WorkbenchModel {
  const model = useContext(WorkbenchContext);
  if (!model) throw new Error('A component of the workbench was rendered outside of it.');
  return model;
}

/** The companion around a component. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('A component that needs a companion was rendered without one.');
  return session;
}
