import type { GatewayAddress, GatewayOutlet } from '../gateway/protocol.ts';

/** Companion → supervisor, one JSON object a line on its standard input. The end of the input ends the pod. */
export type SupervisorCommand =
  | {
      type: 'init';
      secret: string;
      listen: GatewayAddress;
      outlets: GatewayOutlet[];
      /** The process namespace is the pod's own, so that every process in it is the pod's. */
      ownsProcesses: boolean;
      /** Ids to change to before anything else is done. */
      user?: { uid: number; gid: number };
    }
  | {
      type: 'start';
      id: number;
      argv: string[];
      cwd: string;
      env: Record<string, string>;
      /** Value of SERVICE_MARK: hard to guess, so that no other process carries it by chance. */
      mark: string;
      /** Whether its standard input stays open, empty. */
      hasInput: boolean;
    }
  | { type: 'stop'; id: number; graceMs: number }
  | { type: 'suspend' | 'resume'; call: number };

/** Supervisor → companion, one JSON object a line on its standard output. */
export type SupervisorReport =
  | { type: 'ready'; address: GatewayAddress }
  | { type: 'failed'; message: string }
  | { type: 'started'; id: number; pid: number }
  | { type: 'refused'; id: number; code: string; message: string }
  | { type: 'output'; id: number; stream: 'stdout' | 'stderr'; line: string }
  | { type: 'exit'; id: number; code: number | null; signal: string | null }
  | { type: 'done'; call: number };

/** Environment variable that marks the processes of a service, wherever they moved in the process tree. */
export const SERVICE_MARK = 'VITRINE_SERVICE_MARK';
