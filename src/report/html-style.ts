/** The look of the page: the reader's own fonts, light and dark, on paper too. No style stands anywhere else, so the policy can pin this text by its digest. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--page:#fff;--card:#f6f8fa;--link:#0550ae;
--good:#116329;--good-bg:#dafbe1;--bad:#a40e26;--bad-bg:#ffebe9;--warn:#7d4e00;--warn-bg:#fff3c7;--fill:#0969da;--k1:#8250df;--k2:#0a7ea4;--k3:#bf8700;--k4:#0969da;--k5:#8c959f;--k6:#cf6a87}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9ea7b1;--line:#3d444d;--page:#0d1117;--card:#161b22;--link:#79b8ff;
--good:#56d364;--good-bg:#0f2a17;--bad:#ff8f87;--bad-bg:#341315;--warn:#e3b341;--warn-bg:#2d2305;--fill:#388bfd;--k1:#a371f7;--k2:#39c5cf;--k3:#d29922;--k4:#58a6ff;--k5:#8b949e;--k6:#f778ba}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif}
:lang(zh){font-family:system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Zen Hei",sans-serif}
main,.banner,nav,footer{max-width:1080px;margin:0 auto;padding:0 24px}
h1{font-size:26px;line-height:1.25;margin:4px 0 14px;overflow-wrap:anywhere}
h2{font-size:19px;margin:0 0 12px;padding-top:8px}
h3{font-size:16px;margin:18px 0 6px}
h4{font-size:12px;margin:10px 0 4px;color:var(--soft);text-transform:uppercase;letter-spacing:.04em}
p{margin:6px 0}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:3px solid var(--fill);outline-offset:2px;border-radius:4px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em}
code{overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:8px 10px;margin:6px 0;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.dim,.kicker,.meta,small{color:var(--soft)}
.skip{position:absolute;left:-999px;top:0;background:var(--page);padding:8px 14px;z-index:2}
.skip:focus{left:8px;top:8px}
.banner{padding-top:20px;padding-bottom:16px;border-top:8px solid var(--soft)}
.banner.good{border-color:var(--good)}.banner.bad{border-color:var(--bad)}.banner.warn{border-color:var(--warn)}
.banner.good h1{color:var(--good)}.banner.bad h1{color:var(--bad)}.banner.warn h1{color:var(--warn)}
.kicker{margin:0;font-size:13px}
.note{display:inline-block;margin:0 8px 10px 0;padding:2px 10px;border:1px dashed var(--warn);border-radius:12px;color:var(--warn);font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:0}
.tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 12px}
.tiles dt{font-size:12px;color:var(--soft);padding:0}
.tiles dd{margin:0;font-size:17px;font-weight:600;overflow-wrap:anywhere}
.tiles small{display:block;font-weight:400;font-size:12px;line-height:1.35}
nav{padding-top:6px;padding-bottom:6px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:0;padding:8px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:14px}
section{padding:18px 0 8px;border-bottom:1px solid var(--line)}
section:last-child{border-bottom:0}
.summary{display:grid;grid-template-columns:1fr 1fr;gap:0 32px}
.summary h2{grid-column:1/-1}
.next{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--fill);border-radius:8px;padding:4px 16px 10px}
.next h3{margin:8px 0 4px}.next ol{margin:4px 0;padding-left:20px}.next pre{background:var(--page)}
.named{padding-left:18px;margin:6px 0}.also{list-style:none;padding:0;margin:4px 0 8px}.also li{padding:2px 0;overflow-wrap:anywhere}
.state,.badge{display:inline-block;border-radius:10px;padding:0 8px;font-size:12px;font-weight:600;line-height:19px;white-space:nowrap;background:var(--card);color:var(--soft);border:1px solid var(--line)}
.badge{min-width:84px}
.state.suspected,.state.warn,.badge.warn,.badge.unknown,.state.mitigated{background:var(--warn-bg);color:var(--warn);border-color:currentColor}
.state.confirmed,.state.bad,.badge.fail{background:var(--bad-bg);color:var(--bad);border-color:currentColor}
.state.fixed,.state.good,.badge.ok{background:var(--good-bg);color:var(--good);border-color:currentColor}
.cause,.fix{border:1px solid var(--line);border-radius:8px;padding:2px 16px 10px;margin:12px 0}
.cause.strong{border-left:4px solid var(--bad)}.cause.fixed{border-left:4px solid var(--good)}.cause.mitigated{border-left:4px solid var(--warn)}
.cause h3,.fix h3{margin:10px 0 2px}
.meta{margin:0 0 6px;font-size:13px}
.meter{width:90px;height:8px;vertical-align:middle}.bar{width:120px;height:8px;vertical-align:middle}
.track{fill:var(--line)}.fill{fill:var(--fill)}
.effect{font-weight:600;white-space:nowrap}.effect.supports{color:var(--bad)}.effect.refutes,.effect.excludes{color:var(--good)}
.rival{background:var(--card);border-radius:6px;padding:6px 10px}
.scroll{overflow-x:auto;margin:6px 0 10px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-size:12px;color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);padding:4px 10px 4px 0;white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:5px 10px 5px 0;vertical-align:top;overflow-wrap:anywhere;min-width:48px}
tr:last-child td{border-bottom:0}
.time{white-space:nowrap;font-variant-numeric:tabular-nums}
.timeline tr.bad td:last-child{color:var(--bad)}.timeline tr.warn td:last-child{color:var(--warn)}
.timeline tr.good td:last-child{color:var(--good)}.timeline tr.dim td:last-child{color:var(--soft)}
summary{cursor:pointer;padding:3px 0}
details.step{border-bottom:1px solid var(--line)}
details.step[open]{background:var(--card);padding:0 12px 8px;border-radius:6px}
details.step .what{overflow-wrap:anywhere}
details.rule{font-size:12px;color:var(--soft)}
dl{margin:6px 0}
section dl>div{display:grid;grid-template-columns:190px 1fr;gap:4px 12px;padding:2px 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.tiles>div{display:block}
.path svg{display:block;min-width:860px;width:100%;height:auto}
figure{margin:8px 0 14px}figcaption{font-size:13px}
svg text{fill:var(--ink);font-size:12px}
.phase rect{fill:var(--card);stroke:var(--line)}.phase .name{font-size:14px;font-weight:600}.phase.empty text,.phase .none,.phase .count{fill:var(--soft)}
.phase .count{text-anchor:end}.spine{stroke:var(--line);stroke-width:2;fill:none}
.dot{fill:var(--soft)}.dot.ok{fill:var(--good)}.dot.warn,.dot.unknown{fill:var(--warn)}.dot.fail{fill:var(--bad)}.dot.skipped,.dot.not-applicable{fill:none;stroke:var(--line)}
.box{text-decoration:none}.box .shape{fill:var(--page);stroke:var(--line);stroke-width:1.3}.box .name{font-weight:600}.box .text{fill:var(--soft);font-size:11px}
.box .mark{font-size:15px;font-weight:700}.box:hover .shape,.box:focus-visible .shape{stroke:var(--fill);stroke-width:2.5}
.box.bad .shape{fill:var(--bad-bg);stroke:var(--bad)}.box.bad .mark{fill:var(--bad)}
.box.warn .shape{fill:var(--warn-bg);stroke:var(--warn)}.box.warn .mark{fill:var(--warn)}
.box.good .shape{fill:var(--good-bg);stroke:var(--good)}.box.good .mark{fill:var(--good)}
.cause-box .shape{stroke-width:2}.cause-box .score{font-weight:600}.cause-box.suspected .shape{stroke:var(--warn)}
.cause-box.confirmed .shape{fill:var(--bad-bg);stroke:var(--bad)}.cause-box.fixed .shape{fill:var(--good-bg);stroke:var(--good)}
.cause-box.mitigated .shape{fill:var(--warn-bg);stroke:var(--warn)}.cause-box.refuted .shape{stroke-dasharray:4 3}
.line{fill:none;stroke:var(--soft);stroke-width:1.5;opacity:.85}.line.firm{stroke-width:2.5}.line.heavy{stroke-width:4}
.line.supports{stroke:var(--bad)}.line.refutes{stroke:var(--good);stroke-dasharray:6 4}.line.explained{stroke-dasharray:2 3}.line.fix{stroke:var(--fill)}
.weight{fill:var(--soft);font-size:11px;font-weight:600}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:14px}
.chart{border:1px solid var(--line);border-radius:8px;padding:10px 12px;margin:0 0 6px;min-width:0}.chart figcaption{font-weight:600;color:var(--ink);margin-bottom:6px}
.chart svg{display:block;width:100%;height:auto}.chart.wide svg{min-width:760px}.chart.wide{margin-bottom:14px}
.axes path{stroke:var(--line);stroke-width:1}.axes text{font-size:11px;fill:var(--soft)}.tick-y{text-anchor:end}.tick-x{text-anchor:middle}
.bars.good,circle.good{fill:var(--good)}.bars.bad,circle.bad{fill:var(--bad)}.bars.warn,circle.warn{fill:var(--warn)}.bars.dim,circle.dim{fill:var(--soft)}.bars.plain,circle.plain{fill:var(--fill)}
.bars.kind-1{fill:var(--k1)}.bars.kind-2{fill:var(--k2)}.bars.kind-3{fill:var(--k3)}.bars.kind-4{fill:var(--k4)}.bars.kind-5{fill:var(--k5)}.bars.kind-6{fill:var(--k6)}
.curve{fill:none;stroke-width:2;stroke:var(--fill)}.curve.good{stroke:var(--good)}.curve.bad{stroke:var(--bad)}.curve.warn{stroke:var(--warn)}
.event path{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:4 3}.event.bad path{stroke:var(--bad)}.event.good path{stroke:var(--good)}
.event text{font-size:11px;fill:var(--soft);font-weight:600}.event.bad text{fill:var(--bad)}.event.good text{fill:var(--good)}.event .end{text-anchor:end}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin:4px 0 0;font-size:12px;color:var(--soft)}
.key::before{content:"";display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px;background:var(--fill)}
.key.kind-1::before{background:var(--k1)}.key.kind-2::before{background:var(--k2)}.key.kind-3::before{background:var(--k3)}.key.kind-4::before{background:var(--k4)}.key.kind-5::before{background:var(--k5)}.key.kind-6::before{background:var(--k6)}
.key.good::before{background:var(--good)}.key.bad::before{background:var(--bad)}.key.warn::before{background:var(--warn)}.key.dim::before{background:var(--soft)}
.numbers{font-size:12px;color:var(--soft)}.row path{stroke:var(--line)}
.hash{font-size:12px}
.clock{margin-top:8px}.clock li.bad{color:var(--bad);font-weight:600}
footer{padding-top:14px;padding-bottom:32px;color:var(--soft);font-size:13px}
@media (max-width:720px){main,.banner,nav,footer{padding-left:14px;padding-right:14px}h1{font-size:21px}.summary{display:block}
section dl>div{grid-template-columns:1fr}table{min-width:560px}.tiles{grid-template-columns:1fr 1fr}}
@media print{@page{margin:14mm}:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--page:#fff;--card:#fff;--link:#000;--good:#0b4d1f;--good-bg:#fff;--bad:#8b0a1e;--bad-bg:#fff;--warn:#5c3a00;--warn-bg:#fff;--fill:#333}
body{font-size:10.5pt}nav,.skip{display:none}main,.banner,footer{max-width:none;padding-left:0;padding-right:0}
h2,h3{break-after:avoid}.cause,.fix,.tiles div,tr,figure{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}
a{text-decoration:none}details>summary{list-style:none}.rule,.numbers{display:none}
.path svg,.chart.wide svg{min-width:0}.clock::details-content{content-visibility:visible;block-size:auto}}
`;
