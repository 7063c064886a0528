"""The style sheet of the pages that show a text with its records."""

STYLE = """
:root {
  --paper: #fbfaf7; --ink: #22252b; --faint: #6b7078; --line: #e4e1d9; --card: #fff;
  --quantity: #ffe29a; --time: #c6e4fb; --ref: #d3efcb; --indicator: #7a3fd0; --task: #d6336c;
  --good: #1f7a3d; --aim: #b3430d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17191d; --ink: #e4e5e8; --faint: #9aa0a9; --line: #30343b; --card: #1f2227;
    --quantity: #5c4710; --time: #174765; --ref: #234f26; --indicator: #b794f6; --task: #f0709c;
    --good: #7fd39a; --aim: #f4a672;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; }
body {
  margin: 0 auto; max-width: 78rem; padding: 0 1.25rem 3rem; background: var(--paper); color: var(--ink);
  font: 17px/1.65 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
header { padding-top: 1.5rem; }
h1 { font-size: 1.2rem; line-height: 1.3; margin: 0; }
.about, footer { color: var(--faint); font-size: .88rem; margin: .25rem 0 .5rem; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .75rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: .55rem 0; font-size: .88rem; border-bottom: 1px solid var(--line); }
.legend label { cursor: pointer; white-space: nowrap; color: var(--faint); }
.legend .m { color: var(--ink); }
.row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 26rem); gap: 0 2rem; }
.row.opens { margin-top: .9rem; }
.row p { margin: 0 0 .35rem; white-space: pre-line; }
.row ul { list-style: none; margin: 0 0 .6rem; padding: .1rem 0 .1rem .9rem; border-left: 2px solid var(--line); font-size: .82rem; line-height: 1.5; }
li { margin-bottom: .2rem; color: var(--faint); }
li b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
li a { color: var(--ink); text-decoration: none; }
li div { padding-left: .9rem; text-indent: -.9rem; margin-left: .5rem; }
li div::before { content: "↳ "; }
li div .indicator { color: var(--ink); }
i { font-style: normal; }
.role.target { color: var(--aim); font-weight: 600; }
.role.actual, .role.progress, .role.change { color: var(--good); font-weight: 600; }
.m { padding: .1em 0; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.m.first { border-top-left-radius: 4px; border-bottom-left-radius: 4px; padding-left: .2em; margin-left: -.2em; }
.m.last { border-top-right-radius: 4px; border-bottom-right-radius: 4px; padding-right: .2em; margin-right: -.2em; }
.m.task { padding-left: 0; padding-right: 0; margin-left: 0; margin-right: 0; }
.task { background: linear-gradient(var(--task), var(--task)) 0 100% / 100% 2px no-repeat; border-radius: 0 !important; }
li a.task { padding-bottom: 2px; }
li.task, li.ref, li.time, li.quantity { background: none; }
.quantity { background-color: var(--quantity); }
.time { background-color: var(--time); }
.ref { background-color: var(--ref); }
.indicator { text-decoration: underline 2px var(--indicator); text-underline-offset: 4px; text-decoration-skip-ink: none; }
:target { outline: 2px solid var(--indicator); outline-offset: 2px; }
.zone { float: right; margin-left: .6rem; padding: 0 .4rem; border: 1px solid var(--line); border-radius: 4px; color: var(--faint); font-size: .72rem; }
.teaser p, .furniture p, .caption p { color: var(--faint); }
.title p { font-size: 1.3rem; line-height: 1.4; font-weight: 600; }
.title .zone { display: none; }
body:has(#show-quantity:not(:checked)) main .quantity, body:has(#show-time:not(:checked)) main .time,
body:has(#show-ref:not(:checked)) main .ref { background-color: transparent; }
body:has(#show-task:not(:checked)) main .task { background-image: none; }
body:has(#show-indicator:not(:checked)) main .indicator { text-decoration: none; }
body:has(#show-quantity:not(:checked)) li.quantity, body:has(#show-time:not(:checked)) li.time,
body:has(#show-ref:not(:checked)) li.ref, body:has(#show-task:not(:checked)) li.task,
body:has(#show-indicator:not(:checked)) li div { display: none; }
@media (max-width: 52rem) {
  body { font-size: 16px; padding: 0 .9rem 2rem; }
  .row { display: block; }
}
@media print { body { max-width: none; background: none; } .legend input { display: none; } }
"""
