import { z } from 'zod';
import type { Secret } from './secret.ts';

/** Names of what one state directory makes on a server. Letters, digits and underscores only; at most 63 bytes. */
export class Names {
  readonly #secret: Secret;
  /** Tells state directories apart that use the same server. */
  readonly instance: string;
  readonly prefix: string;

  constructor(secret: Secret) {
    this.#secret = secret;
    this.instance = secret.alias('instance', 8);
    this.prefix = `vitrine_${this.instance}_`;
  }

  /** Of the database and of the role of an environment: clients that name no database take the role's name. */
  environment(id: string): string {
    return `${this.prefix}${this.#secret.alias(`environment ${id}`, 16)}`;
  }

  snapshot(id: string, name: string): string {
    return `${this.environment(id)}_s${this.#secret.alias(`snapshot ${name}`, 12)}`;
  }

  template(key: string): string {
    return `${this.prefix}t_${key}`;
  }

  build(random: string): string {
    return `${this.prefix}b_${random}`;
  }

  password(role: string): string {
    return this.#secret.password(role);
  }
}

const labelSchema = z.object({
  /** The instance that made it. */
  vitrine: z.string(),
  kind: z.enum(['environment', 'snapshot', 'template', 'build']),
  /** Of a template: the role that owns what is in it. */
  role: z.string().optional(),
  /** Of a template: when it was last cloned; of a snapshot: when it was taken. Milliseconds since 1970. */
  at: z.number().optional(),
  /** Of a snapshot. */
  name: z.string().optional(),
});
/** The comment on everything that is made on a server. Nothing without it is ever changed or removed. */
export type Label = z.infer<typeof labelSchema>;

/** Reads a comment; null when it is nobody's label or another instance's. */
export function readLabel(comment: string | null, instance: string): Label | null {
  if (!comment?.startsWith('{')) return null;
  try {
    const label = labelSchema.parse(JSON.parse(comment));
    return label.vitrine === instance ? label : null;
  } catch {
    return null;
  }
}
