import { z } from 'zod';
import {
  type ConfigEdits,
  configEditsSchema,
  type Editable,
  type EditableKey,
  editableSchema,
} from '#shared/config/editable.ts';
import type { TextKey } from '../text/text.ts';

/** Words that need no values. */
type LabelKey = Exclude<
  Extract<TextKey, `config.${string}`>,
  | 'config.default'
  | 'config.invalid.number'
  | 'config.invalid.range'
  | 'config.written'
  | 'config.would-write'
  | 'config.would-make'
>;

export interface ConfigField {
  key: EditableKey;
  label: LabelKey;
  kind: 'number' | 'text' | 'list' | 'choice' | 'switch';
  /** What a choice offers besides the default. */
  options?: readonly string[];
  /** Behind the field. */
  unit?: string;
}

export interface ConfigGroup {
  heading: LabelKey;
  fields: readonly ConfigField[];
}

/** Between what a number of the file has to be. */
export function boundsOf(key: EditableKey): { least: number; most?: number | undefined } {
  const { shape } = editableSchema;
  const schema = shape[key];
  if (!(schema instanceof z.ZodNumber)) return { least: 0 };
  const { minValue, maxValue } = schema;
  // Without a bound of its own, a whole number has that of what can be counted exactly.
  const hasMost = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER;
  return { least: Math.max(0, minValue ?? 0), ...(hasMost && { most: maxValue }) };
}

const limits = 'isolation.backend.resource_limits';

/** What can be changed, in the order it is shown. */
export const CONFIG_GROUPS: readonly ConfigGroup[] = [
  {
    heading: 'config.how',
    fields: [
      {
        key: 'isolation.provider',
        label: 'config.provider',
        kind: 'choice',
        options: ['sandpack', 'devserver'],
      },
      {
        key: 'isolation.backend.runtime',
        label: 'config.runtime',
        kind: 'choice',
        options: ['auto', 'process', 'docker'],
      },
      { key: 'isolation.frontend.hot_reload', label: 'config.hot-reload', kind: 'switch' },
      { key: 'isolation.frontend.auto_save', label: 'config.auto-save', kind: 'switch' },
      { key: 'isolation.frontend.sync_delay_ms', label: 'config.sync-delay', kind: 'number', unit: 'ms' },
    ],
  },
  {
    heading: 'config.limits',
    fields: [
      { key: `${limits}.memory_mb`, label: 'config.memory', kind: 'number', unit: 'MB' },
      { key: `${limits}.disk_mb`, label: 'config.disk', kind: 'number', unit: 'MB' },
      { key: `${limits}.cpu_shares`, label: 'config.cpu', kind: 'number' },
      { key: `${limits}.pids`, label: 'config.pids', kind: 'number' },
      { key: 'isolation.backend.max_instances', label: 'config.max-instances', kind: 'number' },
      { key: 'isolation.backend.instance_timeout', label: 'config.timeout', kind: 'text' },
    ],
  },
  {
    heading: 'config.egress',
    fields: [
      {
        key: 'isolation.backend.egress',
        label: 'config.policy',
        kind: 'choice',
        options: ['none', 'allowlist', 'open'],
      },
      { key: 'isolation.backend.allow', label: 'config.allow', kind: 'list' },
    ],
  },
];

/** What the fields hold, as texts; empty for the default. */
export type FieldTexts = Partial<Record<EditableKey, string>>;

export const textOf = (value: Editable[EditableKey] | undefined): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join('\n') : String(value);

const parsed = ({ kind }: ConfigField, text: string): unknown => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (kind === 'number') return Number(trimmed);
  if (kind === 'switch') return trimmed === 'true';
  if (kind === 'list') return [...new Set(trimmed.split(/\s*\n\s*/))];
  return trimmed;
};

/** What differs from the file, and the fields that hold what no file may. */
export function editsOf(
  texts: FieldTexts,
  values: Partial<Editable>,
): { edits: ConfigEdits; invalid: ReadonlySet<EditableKey> } {
  const edits: Record<string, unknown> = {};
  const invalid = new Set<EditableKey>();
  for (const field of CONFIG_GROUPS.flatMap(({ fields }) => fields)) {
    const { key } = field;
    const text = texts[key];
    if (text === undefined || text.trim() === textOf(values[key])) continue;
    const value = parsed(field, text);
    if (configEditsSchema.safeParse({ [key]: value }).success) edits[key] = value;
    else invalid.add(key);
  }
  return { edits: configEditsSchema.parse(edits), invalid };
}
