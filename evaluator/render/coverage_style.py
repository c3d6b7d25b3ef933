"""The style sheet of the coverage report: light and dark, on paper-wide screens and on phones."""

from __future__ import annotations

from typing import Final

__all__ = ["STYLE"]

# Colours are never alone: what is met, partly and not has a line of its own kind below it too.
STYLE: Final = """
:root {
  color-scheme: light dark;
  --back: #ffffff; --text: #1c2024; --soft: #60646c; --line: #e0e3e8; --panel: #f6f7f9;
  --met: #18794e; --met-back: #e3f6ea;
  --partly: #8a5a00; --partly-back: #fff3d1;
  --open: #b3261e; --open-back: #fde7e5;
  --aside: #5b6470; --aside-back: #eceef1;
  --link: #0b57d0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --text: #e6e8eb; --soft: #9ba1a9; --line: #2c3137; --panel: #1c2024;
    --met: #6fd39b; --met-back: #14301f;
    --partly: #f2c14e; --partly-back: #3a2d0b;
    --open: #ff9a91; --open-back: #461a17;
    --aside: #a5adb8; --aside-back: #2a2f36;
    --link: #8ab4f8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 78rem; padding: 1.5rem 1rem 4rem;
  background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
}
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .25rem .75rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
.score { font-size: 2.5rem; font-weight: 650; line-height: 1.2; margin: .25rem 0 0; }
.score.met { color: var(--met); }
.score.open { color: var(--open); }
.soft { color: var(--soft); }
.kinds {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem;
  list-style: none; margin: 1.25rem 0 0; padding: 0;
}
.kinds li { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; }
.kinds b { display: block; font-variant-numeric: tabular-nums; font-size: 1.05rem; }
.bar { display: block; height: 6px; border-radius: 3px; background: var(--open-back);
  overflow: hidden; margin-top: .45rem; }
.bar i { display: block; height: 100%; background: var(--met); }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: 1.25rem 0 0;
  font-size: .9rem; }
.files { border-collapse: collapse; width: 100%; }
.files th, .files td { text-align: left; padding: .4rem .6rem .4rem 0; vertical-align: middle;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.files th { font-weight: 600; font-size: .85rem; color: var(--soft); }
.files .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums;
  width: 1%; padding-left: .6rem; }
.files .bar { width: 6rem; margin: 0; }
.files .meter { width: 1%; }
details.file { border: 1px solid var(--line); border-radius: 8px; margin: .75rem 0; }
details.file > summary { padding: .6rem .9rem; cursor: pointer; font-weight: 600;
  overflow-wrap: anywhere; }
details.file > summary .soft { font-weight: 400; }
.code { container-type: inline-size; overflow-x: auto; border-top: 1px solid var(--line);
  padding: .5rem 0;
  font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.code ol { margin: 0; padding: 0; list-style: none; counter-reset: line; min-width: max-content; }
.code li { white-space: pre; tab-size: 4; }
.code li.l { padding-right: 1rem; }
.code li.l::before { counter-increment: line; content: counter(line); display: inline-block;
  width: 4ch; margin-right: 1.5ch; text-align: right; color: var(--soft); user-select: none; }
.m { border-radius: 3px; padding: 1px 2px; margin: 0 -2px; color: inherit; text-decoration: none;
  border-bottom: 2px solid transparent; }
.m.met { background: var(--met-back); border-bottom: 2px solid var(--met); }
.m.partly { background: var(--partly-back); border-bottom: 2px dashed var(--partly); }
.m.open { background: var(--open-back); border-bottom: 3px double var(--open); }
.m.aside { background: var(--aside-back); border-bottom: 2px dotted var(--aside); }
.legend .m { margin: 0; font-size: .85rem; }
.gaps { position: sticky; left: 0; width: 100cqi; white-space: normal;
  font: 15px/1.5 system-ui, sans-serif; padding: .25rem .9rem .5rem; }
.gap { border-left: 4px solid var(--open); background: var(--panel); border-radius: 0 6px 6px 0;
  padding: .5rem .8rem; margin: .35rem 0; scroll-margin: 5rem; }
.gap.partly { border-color: var(--partly); }
.gap.aside { border-color: var(--aside); }
.gap:target { outline: 2px solid var(--link); }
.gap p { margin: 0; overflow-wrap: anywhere; }
.gap code, .words code { font: .87em ui-monospace, Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
.gap details { margin-top: .3rem; }
.gap summary { cursor: pointer; color: var(--link); width: fit-content; }
.gap pre { margin: .4rem 0 0; padding: .6rem .8rem; overflow-x: auto; background: var(--back);
  border: 1px solid var(--line); border-radius: 6px; font: 13px/1.5 ui-monospace, Menlo, Consolas,
  monospace; }
.next { float: right; margin-left: 1rem; font-size: .85rem; white-space: nowrap; }
@media (max-width: 40rem) {
  body { padding: 1rem .6rem 3rem; font-size: 15px; }
  .score { font-size: 2rem; }
  .files .meter { display: none; }
  .code { font-size: 12px; }
  .code li.l::before { width: 3ch; margin-right: 1ch; }
  .gaps { padding: .25rem .5rem .5rem; }
}
"""
