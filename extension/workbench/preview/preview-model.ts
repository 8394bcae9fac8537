import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { type Environment, type EnvironmentStatus, environmentSchema } from '#shared/api/environment.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { BuildError, ChannelMessage } from '#shared/realtime/channels.ts';
import { openEnvironmentChannel } from '../../companion/channel-client.ts';
import type { SocketStatus } from '../../companion/client-socket.ts';
import { ConsoleBuffer } from '../console/console-buffer.ts';
import { type ConsoleFilter, NO_FILTER } from '../console/console-filter.ts';
import { preserveLog } from '../console/console-settings.ts';
import { Evaluator } from '../console/evaluator.ts';
import type { DeepLink } from '../layout/deep-link.ts';
import { editorShown, setDock } from '../layout/panels.ts';
import { type NetworkFilter, NO_NETWORK_FILTER } from '../network/network-filter.ts';
import { NetworkStore } from '../network/network-store.ts';
import type { Session } from '../session.ts';
import { DeviceModel } from './device.ts';
import { FrameController } from './frame-controller.ts';
import { PageFacts } from './page-facts.ts';

/** A place in a file of the worktree, counted from 1. */
export interface SourcePlace {
  path: string;
  line?: number | undefined;
  column?: number | undefined;
}

/** What the editor is opened for: to look through the files, to open one by its name, to search in all. */
export type EditorTool = 'files' | 'quick-open' | 'search';

/** What is shown of one environment, for as long as it is shown. */
export class PreviewModel {
  readonly id: string;
  readonly session: Session;
  readonly environment: ReadonlySignal<Environment | undefined>;
  readonly console = new ConsoleBuffer();
  readonly evaluator: Evaluator;
  readonly consoleFilter = signal<ConsoleFilter>(NO_FILTER);
  readonly network: NetworkStore;
  readonly networkFilter = signal<NetworkFilter>(NO_NETWORK_FILTER);
  /** The last files that were written in the worktree, by whomever. */
  readonly fileChanges = signal<{ paths: readonly string[] }>({ paths: [] });
  /** What somebody wants to do in the editor, once it is there. */
  readonly wantedTool = signal<EditorTool | undefined>(undefined);
  /** A place in the source that somebody wants to see in the editor. */
  readonly wantedSource = signal<SourcePlace | undefined>(undefined);
  readonly frame: FrameController;
  readonly device = new DeviceModel();
  /** Why there is nothing to show: no such environment. */
  readonly missing = signal<VitrineError | undefined>(undefined);
  /** Why the last thing a person asked for did not happen. */
  readonly actionFailure = signal<VitrineError | undefined>(undefined);
  readonly buildError = signal<BuildError | undefined>(undefined);
  readonly facts = new PageFacts();
  readonly viewers = signal(1);
  readonly channelStatus = signal<SocketStatus>('connecting');
  /** How often the companion came back: what was asked of it meanwhile came to nothing. */
  readonly returns = signal(0);
  readonly #abort = new AbortController();
  #pages = 0;
  #hasOpened = false;

  constructor(id: string, session: Session, link?: DeepLink) {
    this.id = id;
    this.session = session;
    this.environment = computed(() => session.environments.byId.value.get(id));
    this.frame = new FrameController({
      freshUrl: (signal) => this.freshUrl(signal),
      origin: () => this.environment.peek()?.origin ?? 'null',
      onPage: () => {
        if (this.#pages++ > 0 && !preserveLog.peek()) this.console.clear();
      },
    });
    const signal = AbortSignal.any([session.signal, this.#abort.signal]);
    this.evaluator = new Evaluator({
      buffer: this.console,
      run: (source) =>
        session.client.environments.evaluate(id, { frameId: this.frame.frameId, source }, signal),
    });
    this.network = new NetworkStore(id, session.client.network, signal);
    openEnvironmentChannel(session.client.address, id, {
      onMessage: (message) => this.#take(message),
      onStatus: (status) => {
        this.channelStatus.value = status;
        if (status === 'open') this.#onOpen();
      },
      signal,
    });
    if (link) this.apply(link);
    const stop = this.#followStatus();
    this.#abort.signal.addEventListener('abort', stop, { once: true });
    if (!this.environment.peek()) void this.lookUp();
  }

  /** A preview address with a ticket nobody used yet. */
  async freshUrl(signal?: AbortSignal): Promise<string> {
    const detail = await this.session.client.environments.get(this.id, signal);
    // The detail's own field is for one use; what is kept is the environment.
    this.session.environments.put(environmentSchema.parse(detail));
    return detail.previewUrl;
  }

  /** Shows the preview as an address asks for it. Before its page is loaded. */
  apply({ path, device, dock, editor }: DeepLink): void {
    if (path !== undefined) this.frame.route.value = path;
    if (device) this.device.resize(device);
    if (dock !== undefined) setDock(dock);
    if (editor !== undefined) editorShown.value = editor;
  }

  /** Shows a place of the source in the editor. */
  showSource(place: SourcePlace): void {
    this.wantedSource.value = place;
    editorShown.value = true;
  }

  /** Opens the editor to do something in it. */
  showEditor(tool: EditorTool): true {
    this.wantedTool.value = tool;
    editorShown.value = true;
    return true;
  }

  close(): void {
    this.#abort.abort();
    this.frame.close();
    this.console.close();
  }

  /** Asks for an environment that the list does not know (yet). Never rejects: see `missing`. */
  async lookUp(): Promise<void> {
    this.missing.value = undefined;
    try {
      await this.freshUrl(this.#abort.signal);
    } catch (thrown) {
      if (!this.#abort.signal.aborted) this.missing.value = toVitrineError(thrown);
    }
  }

  /** Loads the frame when there is, or soon will be, something to load: beneath the steps of a start, too. */
  #followStatus(): () => void {
    let was: EnvironmentStatus | undefined;
    return effect(() => {
      const now = this.environment.value?.status;
      if (now === was || now === undefined) return;
      const before = was;
      was = now;
      untracked(() => {
        if (now === 'failed' || now === 'stopped') this.frame.unload();
        if (now === 'initializing') void this.frame.load();
        // A suspended page keeps its state for the resume; one never loaded would have woken its environment.
        const kept = before === 'suspended' && this.frame.document.peek() !== undefined;
        if (now === 'running' && before !== 'initializing' && !kept) void this.frame.load();
      });
    });
  }

  /** The companion answers, for the first time or again: asks what it could not be asked before. */
  #onOpen(): void {
    if (wasUnreachable(this.missing.peek())) void this.lookUp();
    if (wasUnreachable(this.frame.failure.peek())) void this.frame.load();
    if (wasUnreachable(this.network.failure.peek())) void this.network.load();
    if (this.#hasOpened) this.returns.value += 1;
    this.#hasOpened = true;
  }

  /** The environment itself is taken from the list: a channel begins with its past, states that are over included. */
  #take({ data }: ChannelMessage): void {
    this.facts.take(data);
    if (data.type === 'console') this.console.push(data.entry);
    else if (data.type === 'network') this.network.put(data.request);
    else if (data.type === 'network_cleared') this.network.forgetBefore(data.before);
    else if (data.type === 'file_change') this.fileChanges.value = { paths: data.paths };
    else if (data.type === 'build_error') this.buildError.value = data.error ?? undefined;
    else if (data.type === 'preview_state') this.buildError.value = data.state.buildError ?? undefined;
    else if (data.type === 'presence') this.viewers.value = data.viewers;
    else if (data.type === 'reset') {
      this.console.clear();
      this.network.reset();
    }
  }
}

const wasUnreachable = (failure: VitrineError | undefined) => failure?.code === 'COMPANION_UNREACHABLE';
