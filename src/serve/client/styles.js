// The styles of the interface. They reach nothing outside of it, and the page's own reach nothing in
// it: `all: initial` with `!important`, which within a shadow root wins over the page's rules.

const STYLES = `
:host {
  all: initial !important;
  position: fixed !important;
  z-index: 2147483647 !important;
  inset: auto 0 0 0 !important;
  block-size: 0 !important;
  color-scheme: light dark !important;
}
@media print { :host { display: none !important; } }

* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }

.dock, .box {
  --paper: light-dark(#fffdf8, #171d1a);
  --shade: light-dark(#f3eee2, #222a26);
  --ink: light-dark(#20251f, #ece8dd);
  --muted: light-dark(#565c54, #a9b0a9);
  --rule: light-dark(#d8cfba, #3a443f);
  --green: light-dark(#0e5341, #84cbb0);
  --red: light-dark(#a02b20, #f49a8d);
  --red-wash: light-dark(#fbe9e5, #3a201d);
  --red-mark: light-dark(#f7c9c1, #6d2c25);
  --amber: light-dark(#7d5200, #e4b95f);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
  --sans: system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "Segoe UI Arabic", Tahoma,
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
:lang(ar) { --sans: "Noto Sans Arabic", "SF Arabic", "Segoe UI", system-ui, Tahoma, sans-serif; }
:lang(ur) { --sans: "Noto Nastaliq Urdu", "Jameel Noori Nastaleeq", "Urdu Typesetting", "Segoe UI", sans-serif; }
:lang(zh) { --sans: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; }

.dock {
  position: fixed;
  inset: auto 0 0 0;
  max-block-size: 100vh;
  max-block-size: 100dvh;
  display: flex;
  flex-direction: column;
  align-items: stretch;
  font: 400 15px/1.6 var(--sans);
  color: var(--ink);
  pointer-events: none;
  text-align: start;
}
.dock:lang(ur) { line-height: 2.1; }
.dock > *, .corner > * { pointer-events: auto; }

button, a, summary, label { font: inherit; color: inherit; cursor: pointer; }
button {
  appearance: none;
  border: 1px solid var(--rule);
  border-radius: 6px;
  background: var(--paper);
  padding: 2px 10px;
  font-size: 13px;
  color: var(--green);
}
button:hover { background: var(--shade); }
a { color: var(--green); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .3em; }
:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
code { font-family: var(--mono); font-size: .92em; direction: ltr; unicode-bidi: isolate; }
ul { list-style: none; padding: 0; }
[lang] { font-family: var(--sans); }

/* A file and a place in it: always read from the left, and broken rather than cut off. */
.place {
  direction: ltr;
  unicode-bidi: isolate;
  font: 400 13px/1.5 var(--mono);
  overflow-wrap: anywhere;
  text-align: left;
}
button.place { border: 0; background: none; padding: 0; text-decoration: underline dotted 1px; text-underline-offset: .3em; }
button.place:hover { background: none; text-decoration-style: solid; }

/* The corner */
.corner { display: flex; justify-content: flex-end; align-items: center; gap: 8px; padding: 12px; pointer-events: none; }
.badge, .unfold {
  display: inline-flex;
  align-items: center;
  gap: 8px;
  min-block-size: 40px;
  border-radius: 20px;
  border: 1px solid light-dark(#0b3d31, #3f6a5b);
  background: #0b3d31;
  color: #f4efe1;
  padding: 0 4px;
  font-size: 14px;
  line-height: 1;
  box-shadow: 0 2px 10px #0005;
}
.badge:hover { background: #0e5341; }
.badge:focus-visible, .unfold:focus-visible { outline-color: light-dark(#0b3d31, #fff); box-shadow: 0 0 0 2px light-dark(#fff, #000); }
.letter {
  display: grid;
  place-items: center;
  inline-size: 30px;
  block-size: 30px;
  border-radius: 50%;
  color: #e2bf74;
}
.letter svg { inline-size: 22px; block-size: 22px; fill: none; stroke: currentColor; stroke-width: 1.7; }
.off .letter { color: #9aa8a2; }
.count { display: inline-flex; align-items: center; justify-content: center; min-inline-size: 24px; block-size: 24px; border-radius: 12px; padding: 0 7px; font-weight: 600; font-size: 13px; }
.badge .count { margin-inline-end: 4px; }
.count.error { background: #f7c9c1; color: #5f140c; }
.count.warning { background: #f3dca6; color: #4d3300; }
.unfold { background: #8c2318; border-color: #8c2318; color: #fff; padding: 0 14px; font-weight: 600; }
.unfold:hover { background: #a02b20; }
.unfold .count { background: #fff; color: #8c2318; margin-inline-end: -6px; }
.small .corner { padding: 6px; }
.small .badge { min-block-size: 28px; border-radius: 14px; padding: 0 2px; opacity: .92; }
.small .letter { inline-size: 22px; block-size: 22px; }
.small .letter svg { inline-size: 16px; block-size: 16px; }
.small .badge .count { block-size: 18px; min-inline-size: 18px; padding: 0 5px; font-size: 12px; }

/* The panel */
.panel {
  align-self: flex-end;
  flex: 0 1 auto;
  min-block-size: 0;
  display: flex;
  flex-direction: column;
  inline-size: min(25rem, 100% - 24px);
  max-block-size: min(38rem, 100vh - 80px);
  margin: 12px 12px 0;
  border: 1px solid var(--rule);
  border-radius: 12px;
  background: var(--paper);
  box-shadow: 0 8px 32px #0004;
  overflow: hidden;
}
.panel > header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 10px 16px; background: #0b3d31; color: #f4efe1; }
.panel h2 { font-size: 16px; font-weight: 600; line-height: inherit; }
.panel > header button { border: 0; background: none; color: inherit; font-size: 20px; line-height: 1; padding: 6px; }
.panel > header button:hover { color: #e2bf74; }
.panel > header button:focus-visible { outline-color: #e2bf74; }
.panel > div { overflow-y: auto; overscroll-behavior: contain; padding: 4px 16px 14px; }
.panel section { padding-block: 12px; border-block-start: 1px solid var(--rule); }
.panel section:first-of-type { border: 0; }
.panel h3 { font-size: 13px; font-weight: 600; color: var(--muted); margin-block-end: 6px; line-height: inherit; }
.note { margin-block-start: 10px; padding: 8px 12px; border-radius: 8px; background: var(--shade); border-inline-start: 3px solid var(--amber); font-size: 14px; }
.quiet { color: var(--muted); font-size: 13px; }
.versions li { display: grid; grid-template-columns: 1fr auto; align-items: baseline; gap: 0 12px; padding-block: 5px; }
.versions li > :first-child { justify-self: start; }
.versions .state { grid-column: 1; color: var(--muted); font-size: 13px; }
.versions .state.stale, .versions .state.missing, .versions .state.unrecorded { color: var(--amber); }
.versions .beside { grid-row: 1; grid-column: 2; font-size: 13px; }
.command { grid-column: 1 / -1; display: flex; align-items: center; gap: 8px; margin-block-start: 4px; }
.command code { flex: 1; min-inline-size: 0; direction: ltr; text-align: left; overflow-wrap: anywhere; background: var(--shade); border-radius: 6px; padding: 5px 9px; font-size: 12.5px; line-height: 1.5; }
.command button { flex: none; }
.source { display: flex; align-items: center; justify-content: space-between; gap: 6px 12px; flex-wrap: wrap; }
.toggle { display: flex; align-items: center; gap: 10px; font-size: 14px; }
.toggle input { flex: none; inline-size: 18px; block-size: 18px; margin: 0; accent-color: var(--green); }

/* A problem, in the panel and among the errors */
.problem { padding-block: 8px; }
.problem + .problem { border-block-start: 1px solid var(--rule); }
.problem .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; }
.severity { font-size: 12px; font-weight: 700; color: var(--amber); }
.severity.error { color: var(--red); }
.message { display: block; overflow-wrap: anywhere; }
.line { display: flex; margin-block: 6px; border: 1px solid var(--rule); border-radius: 6px; background: var(--shade); overflow: hidden; }
.line > .number { flex: none; padding: 7px 10px; font: 400 12px/2 var(--mono); color: var(--muted); border-inline-end: 1px solid var(--rule); }
.line > .text { flex: 1; min-inline-size: 0; padding: 6px 12px; font: 400 16px/1.75 "Noto Naskh Arabic", "Geeza Pro", "Noto Sans CJK SC", var(--sans); white-space: pre-wrap; overflow-wrap: anywhere; text-align: start; max-block-size: 9em; overflow-y: auto; }
mark { background: var(--red-mark); color: inherit; border-radius: 3px; padding-block: 1px; text-decoration: underline wavy var(--red) 1px; text-underline-offset: .35em; }
.hint { font-size: 14px; color: var(--muted); overflow-wrap: anywhere; }
.hint > b { font-weight: 600; color: var(--green); margin-inline-end: 6px; }

/* The errors */
.overlay {
  flex: 0 1 auto;
  min-block-size: 0;
  max-block-size: 50vh;
  max-block-size: 50dvh;
  display: flex;
  flex-direction: column;
  background: var(--paper);
  border-block-start: 3px solid var(--red);
  box-shadow: 0 -6px 28px #0003;
}
.overlay > header { flex: none; display: flex; align-items: center; gap: 12px; padding: 8px 20px; background: var(--red-wash); }
.overlay h2 { flex: 1; display: flex; flex-wrap: wrap; gap: 0 16px; font-size: 15px; font-weight: 700; color: var(--red); line-height: inherit; }
.overlay h2 .warnings { color: var(--amber); font-weight: 600; }
.overlay > .list { overflow-y: auto; overscroll-behavior: contain; padding: 4px 20px 12px; }
.overlay .list > * { max-inline-size: 52rem; }
.overlay .problem { padding-block: 10px; }
.overlay .message { flex: 1 1 20rem; font-weight: 600; }
.overlay .code { color: var(--muted); font-family: var(--mono); font-size: 12px; }

/* Boxes over the page: the block under the pointer, and the one that was changed. */
.box { position: fixed; pointer-events: none; border-radius: 6px; }
.outline { outline: 2px solid var(--green); outline-offset: 3px; background: light-dark(#0e534112, #84cbb01f); }
.outline > span { position: absolute; inset-block-end: calc(100% + 5px); inset-inline-start: -5px; padding: 1px 8px; border-radius: 5px; background: #0b3d31; color: #f4efe1; font: 400 12px/1.6 var(--mono); white-space: nowrap; }
.flash { background: light-dark(#e2b23f55, #e2b23f40); box-shadow: 0 0 0 6px light-dark(#e2b23f55, #e2b23f40); }
.heard { position: fixed; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (max-width: 480px) {
  .overlay > header, .overlay > .list { padding-inline: 14px; }
  .overlay .message { flex-basis: 100%; order: 1; }
}
`;
