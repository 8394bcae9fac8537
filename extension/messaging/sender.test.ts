import { describe, expect, it } from 'vitest';
import { boardSender, pageSender } from './sender.ts';

const ID = 'aaelekdallhfiejiojnidemcfbilgfeh';
const ORIGIN = `chrome-extension://${ID}`;
const onBoard = { id: ID, url: 'http://localhost:3000/projects/1', frameId: 0, tab: { id: 5 } };

describe('who sends a message', () => {
  it('takes a content script in the top frame of a tab for a board, named by its origin', () => {
    expect(boardSender(onBoard, ID)).toEqual({ tabId: 5, boardUrl: 'http://localhost:3000' });
  });

  it.each([
    ['another extension', { ...onBoard, id: 'p'.repeat(32) }],
    ['an inner frame', { ...onBoard, frameId: 3 }],
    ['no tab', { ...onBoard, tab: undefined }],
    ['a page of the extension', { ...onBoard, url: `${ORIGIN}/panel.html` }],
    ['a file', { ...onBoard, url: 'file:///tmp/board.html' }],
    ['no address', { ...onBoard, url: undefined }],
  ])('[attack 18] does not take %s for a board', (_, sender) => {
    expect(boardSender(sender, ID)).toBeNull();
  });

  it('takes the extension’s own pages for pages, with the frame they are in', () => {
    const sender = { id: ID, url: `${ORIGIN}/panel.html#${'0'.repeat(32)}`, frameId: 4, tab: { id: 5 } };
    expect(pageSender(sender, ID, ORIGIN)).toEqual({ path: '/panel.html', tabId: 5, frameId: 4 });
  });

  it('takes a sidebar, which is in no tab, for a page', () => {
    expect(pageSender({ id: ID, url: `${ORIGIN}/sidepanel.html` }, ID, ORIGIN)).toMatchObject({
      tabId: undefined,
    });
  });

  it.each([
    ['a content script', onBoard],
    ['another extension', { id: 'p'.repeat(32), url: `${ORIGIN}/panel.html` }],
    ['an origin that only begins like ours', { id: ID, url: `${ORIGIN}.example.org/panel.html` }],
    ['no address', { id: ID }],
  ])('[attack 18] does not take %s for a page', (_, sender) => {
    expect(pageSender(sender, ID, ORIGIN)).toBeNull();
  });
});
