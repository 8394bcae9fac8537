import { createSecret } from './secrets.ts';

/** A ticket travels in a URL, so it is short-lived and works once. */
const TICKET_LIFETIME_MS = 60_000;
/** A ticket nobody comes with is forgotten; more than this many at once means somebody asks in a loop. */
const MAX_TICKETS = 1_000;

/** Hands out tickets for a subject (an environment's id, the workbench) and takes each back once. */
export class Tickets {
  readonly #tickets = new Map<string, { subject: string; expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(subject: string): string {
    for (const [ticket, { expiresAt }] of this.#tickets) {
      if (expiresAt > this.#now() && this.#tickets.size < MAX_TICKETS) break; // oldest first
      this.#tickets.delete(ticket);
    }
    const ticket = createSecret();
    this.#tickets.set(ticket, { subject, expiresAt: this.#now() + TICKET_LIFETIME_MS });
    return ticket;
  }

  /** Whether the ticket is good for the subject. A good one is used up by this. */
  redeem(ticket: string, subject: string): boolean {
    const found = this.#tickets.get(ticket);
    if (!found || found.subject !== subject) return false;
    this.#tickets.delete(ticket);
    return found.expiresAt > this.#now();
  }
}
