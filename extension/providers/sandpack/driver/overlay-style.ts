export const OVERLAY_STYLE = `
:host { all: initial; position: fixed; inset: 0; z-index: 2147483647; overflow: auto; background: rgb(0 0 0 / 0.55); }
section {
  box-sizing: border-box; max-width: 960px; margin: 6vh auto; padding: 20px 24px; border-radius: 8px;
  border-top: 4px solid #d6365a; background: #1b1b1f; color: #e8e8ec; font: 14px/1.5 system-ui, sans-serif;
}
h1 { margin: 0 0 8px; font-size: 16px; }
p { margin: 0 0 12px; color: #7cc4ff; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 0 0 12px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace; }
button {
  float: right; padding: 4px 10px; border: 1px solid #55555c; border-radius: 5px; background: none; color: inherit;
  font: inherit; cursor: pointer;
}
button:focus-visible { outline: 2px solid #7cc4ff; }
`;
