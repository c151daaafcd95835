/** Newest samples looked at per reading; at 48 kHz a picture of 60 Hz needs 800. */
const FFT_SIZE = 2048;

/**
 * Takes the preview's sound through Web Audio: meters before, the volume after. Muting is a gain, so the meters show
 * the real signal whether or not it is heard. Browsers let sound start only after a gesture: until then there is no
 * signal to measure and `running` is false.
 */
export class AudioTap {
  readonly #context: AudioContext;
  readonly #element: HTMLVideoElement;
  readonly #analysers: readonly AnalyserNode[];
  readonly #gain: GainNode;
  readonly #splitter: ChannelSplitterNode;
  readonly #samples = new Float32Array(FFT_SIZE);
  #connected = false;
  #muted: boolean;

  constructor(element: HTMLVideoElement, muted: boolean) {
    this.#element = element;
    this.#muted = muted;
    this.#context = new AudioContext({ latencyHint: 'interactive' });
    this.#splitter = this.#context.createChannelSplitter(2);
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = muted ? 0 : 1;
    this.#gain.connect(this.#context.destination);
    this.#analysers = [0, 1].map((channel) => {
      const analyser = this.#context.createAnalyser();
      analyser.fftSize = FFT_SIZE;
      this.#splitter.connect(analyser, channel);
      return analyser;
    });
    this.#context.addEventListener('statechange', () => this.#connectWhenRunning());
    this.#connectWhenRunning();
  }

  /** True while the real signal is measured. */
  get running(): boolean {
    return this.#connected && this.#context.state === 'running' && !this.#element.muted;
  }

  /** To be called from a gesture (a click, a key): lets the sound start. */
  async resume(): Promise<void> {
    if (this.#context.state !== 'running') await this.#context.resume();
    this.#connectWhenRunning();
  }

  set muted(muted: boolean) {
    this.#muted = muted;
    this.#gain.gain.setTargetAtTime(muted ? 0 : 1, this.#context.currentTime, 0.01);
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Largest sample of each channel in the newest `windowMs` of sound. */
  peaks(windowMs: number): readonly number[] {
    const wanted = Math.min(FFT_SIZE, Math.ceil((windowMs * this.#context.sampleRate) / 1000));
    return this.#analysers.map((analyser) => {
      analyser.getFloatTimeDomainData(this.#samples);
      let peak = 0;
      for (let index = FFT_SIZE - wanted; index < FFT_SIZE; index += 1) {
        const sample = Math.abs(this.#samples[index] ?? 0);
        if (sample > peak) peak = sample;
      }
      return peak;
    });
  }

  close(): void {
    void this.#context.close();
  }

  /** An element whose sound goes into a context that stands still would stand still too, so it waits for the context. */
  #connectWhenRunning(): void {
    if (this.#context.state !== 'running') return;
    if (!this.#connected) {
      const source = this.#context.createMediaElementSource(this.#element);
      source.connect(this.#splitter);
      source.connect(this.#gain);
      this.#connected = true;
    }
    this.#element.muted = false;
  }
}
