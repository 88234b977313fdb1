// A board is of use only where it can be seen while something happens to it. So an output
// that is marked as a board opens beside its notebook, and its cell says where it is. Other
// front ends do not know the mark, and show the board in the cell. This extension is one file
// and needs no build.

// In a function, since all such files share their page's names.
(() => {
  const BOARD = "application/vnd.streaming-workbook.board+json";
  const VIEW = "application/vnd.jupyter.widget-view+json";
  const HTML = "text/html";
  // Of those that can show an output, Lab takes the one of the lowest rank; widgets have -10.
  const RANK = -20;
  // Pixels: a narrower notebook and its board need the room of the sidebar.
  const ENOUGH = 1200;
  const STYLE = `
  .wb-dock { background: var(--jp-layout-color0); overflow: auto; padding: 10px 14px; }
  .wb-docked > summary { cursor: pointer; }
  .wb-docked button {
    background: none; border: 1px solid var(--jp-border-color1); border-radius: 3px;
    color: var(--jp-content-link-color); cursor: pointer; font: inherit; padding: 0 0.6em;
  }
  .jp-mod-presentationMode .wb-dock {
    --jp-content-font-size1: var(--jp-content-presentation-font-size1);
  }`;

  const docks = [];
  let hasTheSidebarsRoom = false;

  function escaped(text) {
    const node = document.createElement("span");
    node.textContent = text;
    return node.innerHTML;
  }

  // What the cell says in its place.
  function line({ [BOARD]: board, "text/plain": text }, isOpen) {
    return `<details class="wb-docked">
      <summary><b>${escaped(board.title)}</b> is ${isOpen ? "beside this notebook" : "closed"}.
      <button type="button">Show it</button></summary>
      <pre>${escaped(text)}</pre></details>`;
  }

  function makeRoom(app, panel) {
    if (panel.node.clientWidth < ENOUGH && !app.shell.leftCollapsed) {
      hasTheSidebarsRoom = true;
      app.shell.collapseLeft();
    }
  }

  function close(app, dock) {
    docks.splice(docks.indexOf(dock), 1);
    dock.area.dispose();
    if (!docks.length && hasTheSidebarsRoom) {
      hasTheSidebarsRoom = false;
      app.shell.expandLeft();
    }
  }

  function open(app, panel, model) {
    const { model_id: id } = model.data[VIEW];
    const place = docks.at(-1)?.area.id;
    const area = panel.content.rendermime.createRenderer(VIEW);
    area.id = `wb-dock-${id}`;
    area.node.dataset.wbModel = id;
    area.addClass("wb-dock");
    area.title.label = area.title.caption = model.data[BOARD].title;
    area.title.closable = true;
    if (!place) {
      makeRoom(app, panel);
    }
    const where = place ? { ref: place, mode: "tab-after" } : { ref: panel.id, mode: "split-right" };
    app.shell.add(area, "main", { ...where, activate: false });
    area.renderModel(model);
    const dock = { id, area, panel, outputs: new Set() };
    docks.push(dock);
    // The tab's own button would only take it off the page.
    area.onCloseRequest = () => {
      close(app, dock);
      dock.outputs.forEach((output) => output.tell(false));
    };
    return dock;
  }

  // Without taking the keyboard from the notebook.
  function toFront(dock) {
    dock?.area.parent?.selectWidget?.(dock.area);
  }

  function show(app, panel, model, output) {
    const { model_id: id } = model.data[VIEW];
    const dock = docks.find((one) => one.id === id) ?? open(app, panel, model);
    dock.outputs.add(output);
    toFront(dock);
    dropLeft(app, panel);
  }

  function leave(output) {
    docks.forEach((dock) => dock.outputs.delete(output));
  }

  // A board whose cell shows it no more; it keeps the place until the next one has it.
  function dropLeft(app, panel) {
    const left = docks.filter((one) => one.panel === panel && !one.outputs.size);
    left.forEach((dock) => close(app, dock));
  }

  function createRenderer(app, panel) {
    const output = panel.content.rendermime.createRenderer(HTML);
    const render = output.renderModel.bind(output);
    let shown = null;
    output.tell = (isOpen) =>
      render({ data: { [HTML]: line(shown.data, isOpen) }, metadata: {}, trusted: true });
    output.renderModel = async (model) => {
      shown = model.trusted && model.data[VIEW] ? model : null;
      if (shown) {
        show(app, panel, shown, output);
        await output.tell(true);
      } else {
        leave(output);
        dropLeft(app, panel);
        await render(model);
      }
    };
    output.node.addEventListener("click", (event) => {
      if (shown && event.target.closest(".wb-docked button")) {
        event.preventDefault();
        show(app, panel, shown, output);
        output.tell(true);
      }
    });
    output.disposed.connect(() => leave(output));
    return output;
  }

  function createNew(app, panel, context) {
    const factory = {
      safe: true,
      mimeTypes: [BOARD],
      createRenderer: () => createRenderer(app, panel),
    };
    panel.content.rendermime.addFactory(factory, RANK);
    // A cell that ran again without a board.
    context.sessionContext.statusChanged.connect((_, status) => {
      if (status === "idle") {
        dropLeft(app, panel);
      }
    });
    panel.disposed.connect(() => {
      const own = docks.filter((one) => one.panel === panel);
      own.forEach((dock) => close(app, dock));
    });
  }

  // Of several open lessons, the one that is worked in has its board in front.
  function follow(_, { newValue }) {
    const own = docks.filter((one) => one.panel === newValue);
    if (!own.some(({ area }) => area.isVisible)) {
      toFront(own.at(-1));
    }
  }

  const plugin = {
    id: "streaming-workbook-docking:plugin",
    description: "Opens boards beside their notebook.",
    autoStart: true,
    activate: (app) => {
      // Notebook 7 has one document on a page, and no place beside it.
      if (app.shell.mode !== "multiple-document") {
        return;
      }
      document.head.insertAdjacentHTML("beforeend", `<style>${STYLE}</style>`);
      const extension = { createNew: (panel, context) => createNew(app, panel, context) };
      app.docRegistry.addWidgetExtension("Notebook", extension);
      app.shell.currentChanged.connect(follow);
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["streaming-workbook-docking"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
