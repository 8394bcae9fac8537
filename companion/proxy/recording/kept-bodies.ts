import { BodyCapture, type BodyStore, MAX_IMAGE_BYTES, MAX_PREVIEW_BYTES } from './body-store.ts';
import { FrameLog } from './frame-log.ts';
import { isPicture, mayBeText, mimeTypeOf } from './mime-type.ts';

/** What passed of one request beside its heads, both ways, as far as a person can read or see it. */
export class KeptBodies {
  readonly #store: BodyStore;
  #request: BodyCapture | undefined;
  #response: BodyCapture | undefined;
  #frames: FrameLog | undefined;
  #keepsRequest: boolean;
  #keepsResponse = false;
  #maxResponseBytes = MAX_PREVIEW_BYTES;

  /** `contentType` is the request's. */
  constructor(store: BodyStore, contentType: string | undefined) {
    this.#store = store;
    this.#keepsRequest = mayBeText(mimeTypeOf(contentType));
  }

  get request(): BodyCapture | undefined {
    return this.#request;
  }
  get response(): BodyCapture | undefined {
    return this.#response;
  }
  /** Undefined unless it became a WebSocket. */
  get frames(): FrameLog | undefined {
    return this.#frames;
  }
  get isEmpty(): boolean {
    return this.#request === undefined && this.#response === undefined && this.#frames === undefined;
  }

  /** Returns how many bytes more are held. */
  addRequest(chunk: Buffer): number {
    if (!this.#keepsRequest) return 0;
    this.#request ??= new BodyCapture(this.#store);
    return this.#request.add(chunk);
  }

  /** What the answer's body is. Before this nothing of it is kept. */
  expectResponse(contentType: string | undefined): void {
    const mimeType = mimeTypeOf(contentType);
    const isDrawn = isPicture(mimeType);
    this.#keepsResponse = isDrawn || mayBeText(mimeType);
    if (isDrawn) this.#maxResponseBytes = MAX_IMAGE_BYTES;
  }

  /** Returns how many bytes more are held. */
  addResponse(chunk: Buffer): number {
    if (!this.#keepsResponse) return 0;
    this.#response ??= new BodyCapture(this.#store, this.#maxResponseBytes);
    return this.#response.add(chunk);
  }

  /** `onFrame` is told how many bytes more (or less) are held. */
  openFrames(onFrame: (bytesMore: number) => void): void {
    this.#frames = new FrameLog(onFrame);
  }

  /** Lets go of all, and keeps nothing from here on. */
  drop(): void {
    this.#request = undefined;
    this.#response = undefined;
    this.#frames = undefined;
    this.#keepsRequest = false;
    this.#keepsResponse = false;
  }
}
