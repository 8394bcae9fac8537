import type { Pod, PodSpec } from '../runtimes/runtime.ts';
export interface WarmClaim {
  take(spec: PodSpec, signal: AbortSignal): Promise<Pod | null>;
  release(): Promise<void>;
}
