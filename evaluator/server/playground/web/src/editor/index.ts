/** The policy editor: file list, editor and difference in one. */
import type { MountEditor } from "../bridge";

export const mountEditor: MountEditor = () => ({ show() {}, focus() {}, destroy() {} });
