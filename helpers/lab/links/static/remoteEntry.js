// JupyterLab opens a link such as glossary.ipynb#topic and scrolls at once. In a notebook
// that was not open yet there is nothing to scroll to then, so it stays at its top, and cells
// above the section grow for a while. This extension leads there until the section stays in
// view, or the reader goes elsewhere. It is one file and needs no build.

const COMMAND = "rendermime:handle-local-link";
const DEADLINE_MS = 60000;
const STEP_MS = 100;
const STEADY_STEPS = 10;
const READER = ["wheel", "keydown", "pointerdown"];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function opened(app, path) {
  const widgets = Array.from(app.shell.widgets("main"));
  return widgets.find((one) => one.context && one.context.path === path);
}

function isInView(section, panel) {
  const [inner, outer] = [section, panel.node].map((one) => one.getBoundingClientRect());
  return inner.height > 0 && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

async function lead(app, path, fragment) {
  const heading = `[data-jupyter-id="${CSS.escape(fragment.slice(1))}"]`;
  const deadline = Date.now() + DEADLINE_MS;
  const reader = new AbortController();
  const leave = () => reader.abort();
  READER.forEach((kind) => addEventListener(kind, leave, { signal: reader.signal }));
  let steady = 0;
  while (steady < STEADY_STEPS && Date.now() < deadline && !reader.signal.aborted) {
    const panel = opened(app, path);
    const section = panel?.node.querySelector(heading);
    if (section && isInView(section, panel)) {
      steady += 1;
    } else if (section) {
      steady = 0;
      panel.setFragment(fragment);
    }
    await pause(STEP_MS);
  }
  leave();
}

const plugin = {
  id: "streaming-workbook-links:plugin",
  description: "Leads to a section of a notebook that is only being opened.",
  autoStart: true,
  activate: (app) => {
    app.commands.commandExecuted.connect((_, { id, args, result }) => {
      if (id === COMMAND && args.id && args.path.endsWith(".ipynb")) {
        Promise.resolve(result).then(() => lead(app, args.path, args.id));
      }
    });
  },
};

window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["streaming-workbook-links"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
