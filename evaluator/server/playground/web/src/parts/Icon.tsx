/** The page's few icons, drawn in the colour of the text around them; words always stand beside. */
const PATHS = {
  lock: "M5 7V5a3 3 0 0 1 6 0v2h1v6H4V7h1Zm1.5 0h3V5a1.5 1.5 0 0 0-3 0v2Z",
  check: "m3.2 8.4 1.1-1.1 2.4 2.4 5-5 1.1 1.1-6.1 6.1-3.5-3.5Z",
  cross:
    "m4.2 5.3 1.1-1.1L8 6.9l2.7-2.7 1.1 1.1L9.1 8l2.7 2.7-1.1 1.1L8 9.1l-2.7 2.7-1.1-1.1L6.9 8 4.2 5.3Z",
  clock:
    "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM7.3 5h1.4v2.7l2 1.2-.7 1.2-2.7-1.6V5Z",
  right: "m6 3.5 4.5 4.5L6 12.5l-1-1L8.4 8 5 4.5l1-1Z",
  down: "m3.5 6 1-1L8 8.4 11.5 5l1 1L8 10.5 3.5 6Z",
  left: "M10 3.5 5.5 8l4.5 4.5 1-1L7.6 8 11 4.5l-1-1Z",
  warning: "M8 2 15 14H1L8 2Zm-.7 4v4h1.4V6H7.3Zm0 5v1.4h1.4V11H7.3Z",
  calendar: "M3 3h2V2h1.4v1h3.2V2H11v1h2v11H3V3Zm1.4 4v5.6h7.2V7H4.4Z",
  file: "M4 2h5l3 3v9H4V2Zm1.4 1.4v9.2h5.2V6H8V3.4H5.4Z",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
