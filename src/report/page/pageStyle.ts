import { darkRules } from '../charts/palette.ts';

const LIGHT = `--paper:#ffffff;--raised:#f6f8fa;--ink:#1f2328;--quiet:#57606a;--line:#d0d7de;--link:#0b5cad;--own:#0072b2;--mark:#fff3d6;--focus:#0b5cad`;
const DARK = `--paper:#0d1117;--raised:#161b22;--ink:#e6edf3;--quiet:#9da7b3;--line:#343a42;--link:#79b8ff;--own:#56b4e9;--mark:#3a2f12;--focus:#79b8ff`;

const PLAIN = `*{box-sizing:border-box}
html{color-scheme:light dark;scroll-padding-top:3rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:1.1rem;font-weight:600;color:var(--quiet);margin:0}
.answer{font-size:1.5rem;line-height:1.35;margin:.5rem 0 0;font-weight:600}
.lead{color:var(--quiet);margin:.75rem 0 0}
nav{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--line);margin-top:1.5rem;z-index:1}
nav ul{max-width:64rem;margin:0 auto;padding:.5rem 1.25rem;display:flex;gap:.25rem 1.25rem;list-style:none;overflow-x:auto;white-space:nowrap}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
td a,tbody th a{color:inherit;text-decoration-style:dotted}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
section{margin:2.5rem 0}
h2{font-size:1.35rem;margin:0 0 1rem}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
h4{font-size:1rem;margin:1.25rem 0 .25rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:.75rem;margin:0;padding:0;list-style:none}
.cards li{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem}
.cards .label{display:block;color:var(--quiet);font-size:.875rem}
.cards .value{display:block;font-size:1.375rem;font-weight:600;font-variant-numeric:tabular-nums}
.cards .band,.cards .of{display:block;font-size:.875rem;color:var(--quiet)}
figure{margin:1.5rem 0}
.chart .paper{overflow-x:auto}
.chart svg{display:block;max-width:100%;height:auto;min-width:34rem}
.chart.narrow svg{min-width:0;width:100%}
.stale .paper{opacity:.45}
.stale-note{display:none;background:var(--mark);padding:.25rem .5rem;border-radius:4px}
.stale .stale-note{display:block}
details{border-top:1px solid var(--line);padding:.5rem 0}
summary{cursor:pointer;color:var(--link)}
.scroll{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:100%}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{font-weight:600;color:var(--quiet);vertical-align:bottom}
tbody th{font-weight:400}
.n{text-align:right}
tr.note td{color:var(--quiet);border-bottom-width:2px;font-size:.85rem}
.terms td,.terms th{white-space:normal}
.terms th[scope=rowgroup]{font-weight:600;padding-top:1rem}
tr:target{background:var(--mark)}
code{font:.85em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
ul{padding-left:1.25rem}
#controls{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:.75rem 1.5rem;align-items:end}
.control{display:flex;flex-wrap:wrap;gap:.25rem .5rem;align-items:center}
.control label{flex:1 0 100%;font-size:.875rem;color:var(--quiet)}
.control input[type=range]{flex:1 1 6rem;min-width:0;accent-color:var(--own)}
.control input[type=number]{flex:0 0 6.5rem;min-width:0}
.control select{flex:1}
input[type=number],select,button{font:inherit;color:var(--ink);background:var(--raised);border:1px solid var(--line);border-radius:4px;padding:.25rem .4rem}
button{padding:.35rem .8rem;cursor:pointer}
button:disabled{color:var(--quiet);cursor:default}
.changed{background:var(--mark)}
#whatif-status{grid-column:1/-1;margin:0;color:var(--quiet);min-height:1.5em}
footer{color:var(--quiet);font-size:.875rem;padding-bottom:3rem}
[hidden]{display:none}
.d1{margin-left:1.25rem}.d2{margin-left:2.5rem}.d3{margin-left:3.75rem}.d4{margin-left:5rem}`;

const PRINT = `nav,#whatif,.buttons{display:none}
body{font-size:11pt}
section{break-inside:auto}
figure,.cards li,tr{break-inside:avoid}
h2,h3,h4,caption{break-after:avoid}
.scroll,.chart .paper{overflow:visible}
table{font-size:8.5pt}
a{color:inherit;text-decoration:none}`;

/** The style of a page: light and dark by the reader's choice, light on paper. */
export function pageStyle(): string {
  return `:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}
${darkRules('.chart svg')}}
${PLAIN}
@media print{${PRINT}}
`;
}
