import type Docker from 'dockerode';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { Bind } from '../mounts/plan.ts';
import type { Owner } from '../ownership.ts';

/** Processes and threads of one container: far above what an app needs, far below what hurts a machine. */
const PIDS_LIMIT = 1_024;

export interface ContainerPlan {
  name: string;
  image: string;
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  labels: Record<string, string>;
  owner: Owner | null;
  binds: Bind[];
  /** Directories shown empty although a mount around them would show them. */
  masks: string[];
  limits: Pick<ResourceLimits, 'memory_mb' | 'cpu_shares'>;
  /** `none`, or `container:<id>` to join another one's network namespace. */
  network: string;
}

/** What every container of ours is: unprivileged, read-only but for its mounts and /tmp, limited, without a log file. */
export function containerOptions(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const memory = plan.limits.memory_mb * 1024 * 1024;
  return {
    name: plan.name,
    Image: plan.image,
    // The whole command line: an image's own entry point could do anything before.
    Entrypoint: plan.argv,
    Cmd: [],
    WorkingDir: plan.cwd,
    Env: Object.entries(plan.env).map(([name, value]) => `${name}=${value}`),
    Labels: plan.labels,
    ...(plan.owner ? { User: `${plan.owner.uid}:${plan.owner.gid}` } : {}),
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: plan.network,
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${plan.limits.memory_mb}m` },
      PidsLimit: PIDS_LIMIT,
      Memory: memory,
      MemorySwap: memory,
      CpuShares: plan.limits.cpu_shares,
      Mounts: [
        ...plan.binds.map(
          (bind): Docker.MountSettings => ({
            Type: 'bind',
            Source: bind.source,
            Target: bind.target,
            ReadOnly: !bind.writable,
            BindOptions: { Propagation: 'rprivate' },
          }),
        ),
        ...plan.masks.map((target): Docker.MountSettings => ({ Type: 'tmpfs', Source: '', Target: target })),
      ],
      // Output is read as it comes; a file would grow without bound.
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
    },
  };
}
