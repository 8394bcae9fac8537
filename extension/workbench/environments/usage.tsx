import type { UsageSample } from '#shared/api/usage.ts';
import { formatBytes } from '../text/bytes.ts';
import { text } from '../text/text.ts';
import { Sparkline } from './sparkline.tsx';

/** Less traffic than this is a flat line, bytes a second. */
const LEAST_TRAFFIC = 1_000;

/** What an environment used lately, each a line and its last figure. Takes its room before anything is known. */
export function Usage({ samples }: { samples: readonly UsageSample[] | undefined }) {
  const last = samples?.at(-1);
  if (!samples || !last)
    return <span class="environment-usage">{samples && text('environments.usage.none')}</span>;
  return (
    <span class="environment-usage">
      <Part
        name={text('environments.processor')}
        values={samples.map(({ cpuPercent }) => cpuPercent)}
        most={100}
        figure={text('environments.cpu', { percent: Math.round(last.cpuPercent) })}
      />
      <Part
        name={text('environments.memory')}
        values={samples.map(({ memoryBytes }) => memoryBytes)}
        most={0}
        figure={formatBytes(last.memoryBytes)}
      />
      <Part
        name={text('environments.network')}
        values={samples.map(({ networkBytesPerSecond }) => networkBytesPerSecond)}
        most={LEAST_TRAFFIC}
        figure={text('environments.traffic', { bytes: formatBytes(last.networkBytesPerSecond) })}
      />
    </span>
  );
}

interface PartProps {
  name: string;
  values: readonly number[];
  /** What reaches the top unless a value is higher. */
  most: number;
  figure: string;
}

function Part({ name, values, most, figure }: PartProps) {
  return (
    <span class="usage-part" title={name}>
      <Sparkline values={values} most={most} />
      <span class="figure">{figure}</span>
    </span>
  );
}
