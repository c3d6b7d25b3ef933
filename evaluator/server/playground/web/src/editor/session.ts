/** The open file as everything in the editor sees it: its name, its text, what is known. */
import type { Edits, Place } from "../api";
import type { EditorBridge } from "../bridge";
import type { Knowledge } from "./knowledge";
import { TEXTS, type Texts } from "./texts";

export class Session {
  constructor(
    readonly bridge: EditorBridge,
    readonly knowledge: () => Knowledge,
  ) {}

  get file(): string {
    return this.bridge.state().file;
  }

  get texts(): Texts {
    return TEXTS[this.bridge.state().locale];
  }

  get isPolicy(): boolean {
    return this.source?.kind === "policy";
  }

  private get source() {
    const { file, files } = this.bridge.state();
    return files.find(({ name }) => name === file);
  }

  /** The text of the open file with some edits. */
  textWith(edits: Edits): string {
    return edits[this.file] ?? this.source?.text ?? "";
  }

  get text(): string {
    return this.textWith(this.bridge.state().edits);
  }

  /** Whether offsets that were told with some edits are those of the present text. */
  isPresent(edits: Edits): boolean {
    return this.textWith(edits) === this.text;
  }

  show(place: Place): void {
    this.bridge.show(place);
  }
}
