/** Links that hold a state of the page, and what can be taken away from it. */
import type { ReadLink, ShareMenu as Menu, WriteLink } from "../bridge";

export const readLink: ReadLink = async () => null;
export const writeLink: WriteLink = async () => null;
export const ShareMenu: Menu = () => null;
