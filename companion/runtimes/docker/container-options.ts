import type Docker from 'dockerode';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { Bind } from '../mounts/plan.ts';
import type { Ulimit } from './engine-info.ts';

const MIB = 1024 * 1024;

export interface ContainerPlan {
  name: string;
  image: string;
  /** The whole command line; empty runs the image's own, in the image's own directory. */
  argv: string[];
  cwd?: string;
  env: Record<string, string>;
  labels: Record<string, string>;
  /** `uid:gid`, or null for the image's own user. */
  user: string | null;
  binds: Bind[];
  /** Directories shown empty although a mount around them would show them. */
  masks: string[];
  /** Writable directories that start as what the image has there and go with the container. */
  scratch?: string[];
  /** Writable directories in memory, empty at first, of one user. */
  tmpfs?: { path: string; uid: number; gid: number }[];
  /** A volume shared by the containers of a pod, in memory. */
  volume?: { name: string; target: string };
  limits: ResourceLimits;
  /** More of them, where the engine needs to be told. */
  ulimits?: Ulimit[];
  /** `none`, `bridge`, or `container:<id>` to join another one's network namespace. */
  network: string;
  /** Host name, for the container that owns the network namespace. */
  hostname?: string;
  /** A port of the container, published on a free port of 127.0.0.1. */
  publish?: number;
  /** Keeps its standard input open for the first who attaches. */
  stdin?: boolean;
}

/** What every container of ours is: unprivileged, read-only but for its mounts and /tmp, limited, without a log file. */
export function containerOptions(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const { limits } = plan;
  const port = plan.publish === undefined ? null : `${plan.publish}/tcp`;
  return {
    name: plan.name,
    Image: plan.image,
    // The image's entry point is replaced too: it could do anything before.
    ...(plan.argv.length > 0 ? { Entrypoint: plan.argv, Cmd: [] } : {}),
    ...(plan.cwd === undefined ? {} : { WorkingDir: plan.cwd }),
    Env: Object.entries(plan.env).map(([name, value]) => `${name}=${value}`),
    Labels: plan.labels,
    ...(plan.user === null ? {} : { User: plan.user }),
    ...(plan.hostname === undefined ? {} : { Hostname: plan.hostname }),
    AttachStdout: true,
    AttachStderr: true,
    ...(plan.stdin ? { OpenStdin: true, StdinOnce: true, AttachStdin: true } : {}),
    ...(port ? { ExposedPorts: { [port]: {} } } : {}),
    HostConfig: {
      NetworkMode: plan.network,
      ...(port ? { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '' }] } } : {}),
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: Object.fromEntries([
        ['/tmp', `rw,exec,nosuid,nodev,mode=1777,size=${limits.memory_mb}m`],
        ...(plan.tmpfs ?? []).map(({ path, uid, gid }) => [
          path,
          `rw,exec,nosuid,nodev,mode=0700,uid=${uid},gid=${gid},size=${limits.memory_mb}m`,
        ]),
      ]),
      PidsLimit: limits.pids,
      Memory: limits.memory_mb * MIB,
      MemorySwap: limits.memory_mb * MIB,
      CpuShares: limits.cpu_shares,
      Ulimits: [
        // One file larger than the whole limit is over it wherever it lies.
        { Name: 'fsize', Soft: limits.disk_mb * MIB, Hard: limits.disk_mb * MIB },
        // A core file would land in the worktree.
        { Name: 'core', Soft: 0, Hard: 0 },
        ...(plan.ulimits ?? []),
      ],
      Mounts: mountsOf(plan),
      // Output is read as it comes; a file would grow without bound.
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
    },
  };
}

function mountsOf(plan: ContainerPlan): Docker.MountSettings[] {
  return [
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
    ...(plan.scratch ?? []).map(
      (target): Docker.MountSettings => ({
        Type: 'volume',
        Source: '', // anonymous: removed with its container
        Target: target,
        VolumeOptions: { NoCopy: false, Labels: plan.labels, DriverConfig: { Name: 'local', Options: {} } },
      }),
    ),
    ...(plan.volume
      ? [{ Type: 'volume' as const, Source: plan.volume.name, Target: plan.volume.target }]
      : []),
  ];
}
