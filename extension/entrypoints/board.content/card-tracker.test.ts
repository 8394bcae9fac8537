// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoardTask } from '#shared/extension/target.ts';
import type { OpenBoard } from '../../boards/board-adapter.ts';
import { CardTracker } from './card-tracker.ts';

let ended: AbortController;
let reports: boolean[];
let tasks: Map<string, BoardTask | null | Promise<BoardTask | null>>;
let tracker: CardTracker;

const board: OpenBoard = {
  cardOfElement: (element) => element.closest('.card'),
  taskOfElement: (card) => tasks.get(card.id) ?? null,
  taskOfLocation: () => null,
  content: () => document.body,
};

beforeEach(() => {
  ended = new AbortController();
  reports = [];
  tasks = new Map([
    ['one', { taskId: '1' }],
    ['two', { taskId: '2' }],
  ]);
  document.body.innerHTML =
    '<div class="card" id="one"><b id="title">One</b></div><div class="card" id="two"></div><p id="free"></p>';
  tracker = new CardTracker({
    window,
    signal: ended.signal,
    report: async (onCard) => {
      reports.push(onCard);
    },
  });
  tracker.follow(board);
});

afterEach(() => ended.abort());

function send(type: string, id: string): void {
  document.getElementById(id)?.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
}

describe('the menu item’s place', () => {
  it('is told when the pointer comes to a card and when it leaves, and only then', () => {
    send('pointerover', 'free');
    send('pointerover', 'title');
    send('pointerover', 'one');
    send('pointerover', 'two');
    send('pointerover', 'free');
    expect(reports).toEqual([false, true, false]);
  });

  it('follows the focus too: the menu key needs no pointer', () => {
    send('focusin', 'two');
    expect(reports).toEqual([true]);
  });

  it('is nowhere on a card whose task cannot be told', () => {
    tasks.set('one', null);
    send('pointerover', 'one');
    expect(reports).toEqual([false]);
  });

  it('comes late to a card that is read late, and not at all when the pointer has gone on', async () => {
    let answer: (task: BoardTask) => void = () => {};
    const late = new Promise<BoardTask>((resolve) => {
      answer = resolve;
    });
    tasks.set('one', late);
    send('pointerover', 'one');
    send('pointerover', 'free');
    answer({ taskId: '1' });
    await late;
    expect(reports).toEqual([false]);

    send('pointerover', 'one');
    await late;
    expect(reports).toEqual([false, true]);
  });

  it('stays while the menu is open, although the pointer leaves the page for it', () => {
    send('pointerover', 'one');
    send('contextmenu', 'one');
    document.documentElement.dispatchEvent(new Event('pointerleave'));
    expect(reports).toEqual([true]);
    send('pointermove', 'free');
    document.documentElement.dispatchEvent(new Event('pointerleave'));
    expect(reports).toEqual([true, false]);
  });

  it('stays while the menu is open, although the board puts something else under it', () => {
    send('pointerover', 'one');
    send('contextmenu', 'one');
    send('pointerover', 'free');
    expect(reports).toEqual([true]);
  });

  it('comes to a card that could not be read at first, when the pointer moves on in it', () => {
    tasks.set('one', null);
    send('pointerover', 'one');
    tasks.set('one', { taskId: '1' });
    send('pointerover', 'title');
    expect(reports).toEqual([false, true]);
  });

  it('is told again after another tab had the menu', () => {
    send('pointerover', 'one');
    document.dispatchEvent(new Event('visibilitychange'));
    send('pointerover', 'one');
    expect(reports).toEqual([true, true]);
  });

  it('remembers the task whose card the menu was opened on', async () => {
    send('contextmenu', 'title');
    send('pointerover', 'two');
    await expect(tracker.taskUnderMenu()).resolves.toEqual({ taskId: '1' });
    send('contextmenu', 'free');
    await expect(tracker.taskUnderMenu()).resolves.toBeNull();
  });
});
