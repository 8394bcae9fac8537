import type { Page } from 'puppeteer';

/** A screenshot, PNG in base64, and where its reduced picture is on the sheet. */
export interface Tile {
  picture: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Reduces screenshots and puts them on one sheet, a PNG in base64. `page` is an empty one, which does the work. */
export function makeSheet(page: Page, tiles: Tile[]): Promise<string> {
  return page.evaluate(async (all) => {
    const width = Math.max(...all.map((tile) => tile.left + tile.width));
    const height = Math.max(...all.map((tile) => tile.top + tile.height));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No canvas.');
    context.imageSmoothingQuality = 'high';
    for (const tile of all) {
      const image = new Image();
      image.src = `data:image/png;base64,${tile.picture}`;
      await image.decode();
      context.drawImage(image, tile.left, tile.top, tile.width, tile.height);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  }, tiles);
}
