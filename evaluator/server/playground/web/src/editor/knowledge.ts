/** What the server knows of the open file, asked for when the reader has stopped typing. */
import type { Edits, TypesAnswer, VocabularyAnswer } from "../api";
import type { EditorBridge } from "../bridge";

const PATIENCE = 250;
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
  private asked: { file: string; edits: Edits } | null = null;
  private failures = 0;

  constructor(
    private readonly bridge: EditorBridge,
    private readonly ask: (file: string) => Promise<T>,
    private readonly heard: () => void,
  ) {}

  /** The last answer about a file. */
  of(file: string): Learnt<T> | null {
    return this.learnt?.file === file ? this.learnt : null;
  }

  async refresh(): Promise<void> {
    const { file, edits } = this.bridge.state();
    const same = this.asked?.file === file && this.asked.edits === edits;
    if (same || file === "") {
      return;
    }
    const asked = { file, edits };
    this.asked = asked;
    try {
      const answer = await this.ask(file);
      this.learnt = { answer, file, edits };
      this.failures = 0;
      this.heard();
    } catch {
      // The editor works without; what cannot be answered now may be later, a few times.
      if (this.asked === asked) {
        this.asked = null;
        this.failures += 1;
        if (this.failures <= MOST_FAILURES) {
          setTimeout(() => void this.refresh(), AGAIN * this.failures);
        }
      }
    }
  }
}

export class Knowledge {
  private readonly vocabularies: Question<VocabularyAnswer>;
  private readonly types: Question<TypesAnswer>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last: { file: string; edits: Edits } | null = null;

  constructor(
    private readonly bridge: EditorBridge,
    heardTypes: () => void,
  ) {
    this.vocabularies = new Question(
      bridge,
      (file) => bridge.api.vocabulary(file),
      () => {},
    );
    this.types = new Question(bridge, (file) => bridge.api.types(file), heardTypes);
  }

  vocabulary(file: string): VocabularyAnswer | null {
    return this.vocabularies.of(file)?.answer ?? null;
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
      void this.vocabularies.refresh();
      void this.types.refresh();
    }, wait);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
