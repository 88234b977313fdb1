// JupyterLab opens a link such as glossary.ipynb#topic and scrolls at once. In a notebook
// that was not open yet there is nothing to scroll to then, so it stays at its top. This
// extension scrolls again when the cells are there. It is one file and needs no build.

const COMMAND = "rendermime:handle-local-link";
const DEADLINE_MS = 10000;
const STEP_MS = 100;
const SETTLE_MS = 400;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function opened(app, path) {
  const widgets = Array.from(app.shell.widgets("main"));
  return widgets.find((one) => one.context && one.context.path === path);
}

async function lead(app, path, fragment) {
  const heading = `[data-jupyter-id="${CSS.escape(fragment.slice(1))}"]`;
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const panel = opened(app, path);
    if (panel && panel.node.querySelector(heading)) {
      panel.setFragment(fragment);
      // Cells above may still grow as they are rendered.
      await pause(SETTLE_MS);
      panel.setFragment(fragment);
      return;
    }
    await pause(STEP_MS);
  }
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
