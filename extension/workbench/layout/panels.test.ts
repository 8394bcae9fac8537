import { afterEach, expect, it } from 'vitest';
import { closeDock, dockIsRoomy, openDock, setDock, shownDock, toggleDock } from './panels.ts';

afterEach(() => {
  setDock([]);
  dockIsRoomy.value = true;
});

it('has panels side by side where there is room, always in the same order', () => {
  openDock('network');
  toggleDock('console');
  expect(shownDock()).toEqual(['console', 'network']);
  closeDock('console');
  expect(shownDock()).toEqual(['network']);
});

it('has the newest alone where there is room for one, and closing that shows no other', () => {
  setDock(['console', 'network']);
  dockIsRoomy.value = false;
  expect(shownDock()).toEqual(['network']);
  toggleDock('console');
  expect(shownDock()).toEqual(['console']);
  toggleDock('console');
  expect(shownDock()).toEqual([]);
});
