import type { Page } from 'puppeteer';
import type { FakeCompanion } from '../fake-companion.ts';

/** A state of the workbench worth looking at. */
export interface Scene {
  name: string;
  prepare?(fake: FakeCompanion): void;
  /** What a person does once the page is there. */
  act?(page: Page, fake: FakeCompanion): Promise<void>;
}
