import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Display } from './display.ts';

const run = promisify(execFile);
const DEADLINE_MS = 10_000;

/** Input that reaches the browser from outside, as a person's does: native menus take nothing else. */
export class Desktop {
  readonly #display: Display;

  constructor(display: Display) {
    this.#display = display;
  }

  async press(...keys: string[]): Promise<void> {
    await this.#xdotool('key', '--delay', '60', ...keys);
  }

  /** Moves the pointer to a place on the screen, in pixels. */
  async move(x: number, y: number): Promise<void> {
    await this.#xdotool('mousemove', String(Math.round(x)), String(Math.round(y)));
  }

  /** Moves the pointer to a place on the screen (pixels) and clicks there. */
  async click(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
    const place = [String(Math.round(x)), String(Math.round(y))];
    await this.#xdotool('mousemove', ...place, 'click', button === 'left' ? '1' : '3');
  }

  async #xdotool(...args: string[]): Promise<void> {
    await run('xdotool', args, {
      timeout: DEADLINE_MS,
      env: { ...process.env, DISPLAY: this.#display.name },
    });
  }
}
