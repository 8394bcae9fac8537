import { z } from 'zod';

/**
 * Pages of extensions and of the companion forbid eval, which zod would otherwise try out when the first schema is
 * made. Import this before anything that makes one.
 */
z.config({ jitless: true });
