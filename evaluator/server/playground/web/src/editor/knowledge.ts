/** What the server knows of the open file, asked for when the reader has stopped typing. */
import type { Edits, TypesAnswer, VocabularyAnswer } from "../api";
import type { EditorBridge } from "../bridge";

const PATIENCE = 250;
const LONG_ENOUGH = 15_000;
const AGAIN = 1000;
const MOST_FAILURES = 3;

interface Learnt<T> {
  readonly answer: T;
  readonly file: string;
  readonly edits: Edits;
}

/** A question about a file. The last answer stays while a newer one is under way, or fails. */
class Question<T> {
  private learnt: Learnt<T> | null = null;
  private readonly waiting: (() => void)[] = [];
  private running = false;
  private again = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly bridge: EditorBridge,
    private readonly ask: (file: string) => Promise<T>,
  ) {}

  /** The last answer about a file, or the first that comes; null where it takes too long. */
  async soon(file: string): Promise<T | null> {
    if (this.of(file) === null) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LONG_ENOUGH);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.of(file)?.answer ?? null;
  }

  /** The last answer about a file. */
  of(file: string): Learnt<T> | null {
    return this.learnt?.file === file ? this.learnt : null;
  }

  /** Forgets what has failed, and asks. */
  begin(): void {
    this.stop();
    void this.refresh();
  }

  stop(): void {
    this.failures = 0;
    clearTimeout(this.timer);
  }

  /** Asks if what is known is of other edits: one question at a time, the last wish in the end. */
  private async refresh(): Promise<void> {
    const { file, edits } = this.bridge.state();
    const known = this.learnt?.file === file && this.learnt.edits === edits;
    if (known || file === "" || this.running) {
      this.again = this.running;
      return;
    }
    this.running = true;
    this.again = false;
    try {
      this.learnt = { answer: await this.ask(file), file, edits };
      this.failures = 0;
      this.waiting.splice(0).forEach((resolve) => resolve());
    } catch {
      // The editor works without; what cannot be answered now may be later, a few times.
      this.failures += 1;
      if (this.failures <= MOST_FAILURES) {
        this.timer = setTimeout(() => void this.refresh(), AGAIN * this.failures);
      }
    }
    this.running = false;
    if (this.again) {
      await this.refresh();
    }
  }
}

export class Knowledge {
  private readonly vocabularies: Question<VocabularyAnswer>;
  private readonly types: Question<TypesAnswer>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last: { file: string; edits: Edits } | null = null;

  constructor(private readonly bridge: EditorBridge) {
    this.vocabularies = new Question(bridge, (file) => bridge.api.vocabulary(file));
    this.types = new Question(bridge, (file) => bridge.api.types(file));
  }

  vocabulary(file: string): VocabularyAnswer | null {
    return this.vocabularies.of(file)?.answer ?? null;
  }

  vocabularySoon(file: string): Promise<VocabularyAnswer | null> {
    return this.vocabularies.soon(file);
  }

  typesOf(file: string): Learnt<TypesAnswer> | null {
    return this.types.of(file);
  }

  /** Asks anew after a change: at once for another file, after a pause for an edit. */
  keepUp(): void {
    const { file, edits } = this.bridge.state();
    if (this.last?.file === file && this.last.edits === edits) {
      return;
    }
    const wait = this.last?.file === file ? PATIENCE : 0;
    this.last = { file, edits };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.vocabularies.begin();
      this.types.begin();
    }, wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.vocabularies.stop();
    this.types.stop();
  }
}
