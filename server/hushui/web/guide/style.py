"""How the guide looks: the app's colours by day and by night, its sizes and edges."""

from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --bg: #EBF1F4; --surface: #FFFFFF; --sunken: #E1EAEF; --ink: #0E2230; --ink-2: #40566A;
  --line: #C3D1DB; --brand: #0A5A8C; --on-brand: #FFFFFF; --brand-ink: #084A75;
  --warn-soft: #FFF0C2; --warn-ink: #6B4700;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0A1318; --surface: #132029; --sunken: #1C2C37; --ink: #DFE8EE; --ink-2: #A3B6C3;
    --line: #2A3C49; --brand: #2A78AB; --on-brand: #FFFFFF; --brand-ink: #A6D3F0;
    --warn-soft: #3B2E0C; --warn-ink: #F2D27E;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 12px; max-width: 1200px; background: var(--bg); color: var(--ink);
  font: 1.125rem/1.5 "PingFang SC", "HarmonyOS Sans SC", MiSans, "Noto Sans CJK SC", "Noto Sans SC",
    "Microsoft YaHei", system-ui, sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1, h2, h3 { margin: 0; line-height: 1.3; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.375rem; margin: 24px 0 12px; }
h3 { font-size: 1.25rem; }
p { margin: 8px 0; }
.en { display: block; font-size: 1rem; font-weight: 400; color: var(--ink-2); }
.note, .hint { padding: 8px 12px; border-radius: 8px; background: var(--sunken); }
.note { background: var(--warn-soft); color: var(--warn-ink); }
.note .en { color: inherit; }
nav { display: flex; gap: 8px; margin-top: 12px; }
nav a, .button {
  flex: 1; display: block; min-height: 60px; padding: 8px 12px; border: 2px solid var(--brand);
  border-radius: 12px; text-align: center; font-size: 1.25rem; font-weight: 700;
  text-decoration: none;
}
nav a { display: grid; place-items: center; color: var(--brand-ink); background: var(--surface); }
.button { margin: 12px 0; color: var(--on-brand); background: var(--brand); }
.button .en { color: inherit; }
ol { margin: 0; padding: 0; list-style: none; counter-reset: step; }
li, aside section {
  padding: 12px 14px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--surface);
}
li { position: relative; margin-bottom: 8px; padding-left: 58px; counter-increment: step; }
li::before {
  content: counter(step); position: absolute; left: 12px; top: 12px; width: 34px; height: 34px;
  border-radius: 8px; background: var(--brand); color: var(--on-brand);
  font-size: 1.25rem; font-weight: 700; line-height: 34px; text-align: center;
}
.drawing svg { display: block; width: 100%; max-width: 300px; margin: 12px auto 0; }
aside { display: grid; gap: 8px; margin-top: 24px; }
aside h2 { margin: 0 0 8px; }
.codes { display: flex; flex-wrap: wrap; gap: 12px; }
figure { margin: 0; flex: 1 1 240px; }
figure svg { display: block; width: 100%; max-width: 260px; height: auto; background: #FFFFFF; }
code { font-family: ui-monospace, Consolas, monospace; font-size: 1rem; overflow-wrap: anywhere; }
.print { padding: 8px 12px; border-radius: 8px; background: var(--sunken); }
@media (min-width: 900px) {
  body { display: grid; grid-template-columns: 1fr 400px; gap: 0 24px; padding: 24px; }
  header { grid-column: 1; }
  main { grid-column: 1; display: grid; grid-template-columns: 1fr 1fr; gap: 0 24px; }
  aside { grid-column: 2; grid-row: 1 / 3; align-content: start; margin: 0; }
}
"""
