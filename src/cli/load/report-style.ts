/**
 * The style and the script of the report's page. Colours follow the system's light or dark; the
 * script does nothing but show the numbers under the pointer, as text.
 */

export const REPORT_STYLE = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --edge: #e3e6eb; --ink: #14181f; --soft: #5b6472;
  --grid: #e9ecf0; --s1: #2468c9; --s2: #d9660a; --s3: #a3319a; --s4: #c8322b; --good: #1b7f4b; }
@media (prefers-color-scheme: dark) { :root {
  --page: #0f1217; --card: #171b22; --edge: #2a303a; --ink: #e8ebf0; --soft: #98a2b3;
  --grid: #252b34; --s1: #5b9bf3; --s2: #f39a4c; --s3: #d57acb; --s4: #f2766f; --good: #57c78a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { font-size: 24px; margin: 0 0 2px; letter-spacing: -0.01em; }
h2 { font-size: 15px; margin: 0 0 10px; }
p { margin: 0 0 12px; } .soft { color: var(--soft); } .bad { color: var(--s4); }
.good { color: var(--good); } .warn { color: var(--s2); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(116px, 1fr)); gap: 12px;
  margin: 22px 0 16px; }
.tile, .card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; }
.tile { padding: 12px 14px; } .tile .name { color: var(--soft); font-size: 13px; }
.tile .figure { font-size: 19px; font-weight: 600; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.card { padding: 16px 18px; margin-bottom: 16px; overflow-x: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr));
  gap: 0 16px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 5px 10px; white-space: nowrap; }
th { color: var(--soft); font-weight: 500; font-size: 13px; border-bottom: 1px solid var(--edge); }
td { border-bottom: 1px solid var(--grid); } tr:last-child td { border-bottom: 0; }
th:first-child, td:first-child, .left td, .left th { text-align: left; padding-left: 0; }
.left td { white-space: normal; overflow-wrap: anywhere; vertical-align: top; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.chart { position: relative; } svg { display: block; width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); } .line.s3 { stroke: var(--s3); }
.line.s4 { stroke: var(--s4); } .area { opacity: 0.13; }
.area.s1, .dot.s1, .bar { fill: var(--s1); } .dot.s2 { fill: var(--s2); }
.dot.s3 { fill: var(--s3); } .area.s4, .dot.s4 { fill: var(--s4); } .bar { opacity: 0.85; }
svg .end-label { font-weight: 600; } svg .end-label.s1 { fill: var(--s1); }
svg .end-label.s2 { fill: var(--s2); } svg .end-label.s3 { fill: var(--s3); }
.mark { stroke: var(--ink); stroke-dasharray: 3 3; opacity: 0.55; }
svg .mark-label { fill: var(--ink); }
.cursor { stroke: var(--soft); visibility: hidden; }
.hint { position: absolute; top: 4px; display: none; pointer-events: none; background: var(--card);
  border: 1px solid var(--edge); border-radius: 6px; padding: 5px 9px; font-size: 13px;
  white-space: pre; font-variant-numeric: tabular-nums; box-shadow: 0 3px 12px #0003; }
@media print { body { background: none; } .card { break-inside: avoid; } }
`;

export const REPORT_SCRIPT = `
for (const chart of document.querySelectorAll(".chart")) {
  const hints = JSON.parse(chart.querySelector("script").textContent);
  const svg = chart.querySelector("svg");
  const cursor = chart.querySelector(".cursor");
  const box = chart.querySelector(".hint");
  svg.addEventListener("pointermove", (event) => {
    const area = svg.getBoundingClientRect();
    const share = (event.clientX - area.left) / area.width;
    const far = (hint) => Math.abs(hint.at - share);
    const hint = hints.reduce((a, b) => (far(b) < far(a) ? b : a));
    const x = hint.at * svg.viewBox.baseVal.width;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    cursor.style.visibility = "visible";
    box.textContent = hint.lines.join("\\n");
    box.style.display = "block";
    const left = hint.at * area.width;
    box.style.left = left + (left > area.width / 2 ? -box.offsetWidth - 12 : 12) + "px";
  });
  svg.addEventListener("pointerleave", () => {
    cursor.style.visibility = "hidden";
    box.style.display = "none";
  });
}
`;
