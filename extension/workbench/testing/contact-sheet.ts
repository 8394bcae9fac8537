import type { Page } from 'puppeteer';

/** A screenshot, PNG in base64, and where its reduced picture is on the sheet. */
export interface Tile {
  picture: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A colour that differs by less, of 255, is the same to the eye, and to two machines' antialiasing. */
const LEAST_DIFFERENCE = 40;

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

/** How many pixels of two sheets differ so much that one sees it; all of them where the sizes differ. */
export function countDifferences(page: Page, one: string, other: string): Promise<number> {
  return page.evaluate(
    async (pictures, least) => {
      const [first, second] = await Promise.all(
        pictures.map(async (picture) => {
          const image = new Image();
          image.src = `data:image/png;base64,${picture}`;
          await image.decode();
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
          if (!context) throw new Error('No canvas.');
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height);
        }),
      );
      if (!first || !second) throw new Error('Two pictures are compared.');
      if (first.width !== second.width || first.height !== second.height) return first.width * first.height;
      let count = 0;
      for (let at = 0; at < first.data.length; at += 4) {
        const differs = [0, 1, 2].some(
          (channel) => Math.abs((first.data[at + channel] ?? 0) - (second.data[at + channel] ?? 0)) >= least,
        );
        if (differs) count += 1;
      }
      return count;
    },
    [one, other],
    LEAST_DIFFERENCE,
  );
}
