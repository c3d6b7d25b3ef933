/** Links that hold a state of the page, and what can be taken away from it. */
export { readLink, writeLink } from "./link";
export { ShareMenu } from "./ShareMenu";
