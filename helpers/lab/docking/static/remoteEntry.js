// A board is of use only where it can be seen while something happens to it. So an output
// that is marked as a board opens beside its notebook, and its cell says where it is. Other
// front ends do not know the mark, and show the board in the cell. This extension is one file
// and needs no build.

// In a function, since all such files share their page's names.
(() => {
  const BOARD = "application/vnd.streaming-workbook.board+json";
  const VIEW = "application/vnd.jupyter.widget-view+json";
  const HTML = "text/html";
  const TEXT = "text/plain";
  // Of those that can show an output, Lab takes the one of the lowest rank; widgets have -10.
  const RANK = -20;
  // Pixels: a narrower notebook and its board need the room of the sidebar.
  const ENOUGH = 1200;
  const SETTLED_MS = 300;
  const WORKS = ["busy", "starting", "restarting", "autorestarting"];
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

  // Each with its board's address, its panel's notebook, and the outputs that show it.
  const docks = [];
  let shell;
  let hasTheSidebarsRoom = false;

  // In its Simple Interface Lab shows one document at a time.
  const hasABeside = () => shell.mode === "multiple-document";

  function escaped(text) {
    const node = document.createElement("span");
    node.textContent = text;
    return node.innerHTML;
  }

  // What the cell says in its place.
  function line({ [BOARD]: board, [TEXT]: text }, isOpen) {
    const open = hasABeside() ? "beside this notebook" : "behind this notebook";
    return `<details class="wb-docked">
      <summary><b>${escaped(board.title)}</b> is ${isOpen ? open : "closed"}.
      <button type="button">Show it</button></summary>
      <pre>${escaped(text)}</pre></details>`;
  }

  // The row of tabs in which a document has its own.
  function tabsOf(widget) {
    const bars = Array.from(widget.parent?.tabBars?.() ?? []);
    return bars.find((bar) => bar.titles.includes(widget.title));
  }

  // Either can be dragged to where the other one is.
  const covers = ({ area, panel }) => tabsOf(area) === tabsOf(panel);

  // Without taking the keyboard from the notebook, or its place.
  function toFront(dock) {
    if (dock && hasABeside() && !covers(dock)) {
      dock.area.parent.selectWidget(dock.area);
    }
  }

  function makeRoom(panel) {
    if (hasABeside() && panel.node.clientWidth < ENOUGH && !shell.leftCollapsed) {
      hasTheSidebarsRoom = true;
      shell.collapseLeft();
    }
  }

  function place(area, panel) {
    const other = docks.findLast((one) => !covers(one));
    if (!other) {
      makeRoom(panel);
    }
    const where = other
      ? { ref: other.area.id, mode: "tab-after" }
      : { ref: panel.id, mode: "split-right" };
    shell.add(area, "main", { ...where, activate: false });
  }

  function open(panel, model) {
    const { model_id: id } = model.data[VIEW];
    const area = panel.content.rendermime.createRenderer(VIEW);
    area.id = `wb-dock-${id}`;
    area.node.dataset.wbModel = id;
    area.addClass("wb-dock");
    area.title.label = model.data[BOARD].title;
    area.title.caption = `${area.title.label}, of ${panel.title.label}`;
    area.title.closable = true;
    place(area, panel);
    const dock = { id, area, panel, outputs: new Map() };
    docks.push(dock);
    // The tab's own button would only take it off the page.
    area.onCloseRequest = () => {
      close(dock);
      dock.outputs.forEach((_, output) => output.tell(false));
    };
    watch(dock);
    area.renderModel(model);
    return dock;
  }

  function close(dock) {
    if (docks.includes(dock)) {
      docks.splice(docks.indexOf(dock), 1);
      dock.area.dispose();
    }
    if (!docks.length && hasTheSidebarsRoom) {
      hasTheSidebarsRoom = false;
      shell.expandLeft();
    }
  }

  // A page that was loaded again hears of no output's change, but sees what widgets do.
  function watch(dock) {
    const { node, disposed } = dock.area;
    const observer = new MutationObserver(() => {
      const view = node.querySelector(":scope > .jupyter-widgets");
      // The second: Lab has put words in place of a widget that it did not find.
      const hasEnded = view?.classList.contains("wb-ended");
      if (hasEnded || (!view && node.classList.contains("jupyter-widgets"))) {
        end(dock, view);
      }
    });
    observer.observe(node, { attributeFilter: ["class"], childList: true, subtree: true });
    disposed.connect(() => observer.disconnect());
  }

  // Leaves in the cells what was seen last.
  function end(dock, view) {
    const seen = view ? { [HTML]: view.outerHTML, [TEXT]: view.innerText } : {};
    close(dock);
    for (const model of dock.outputs.values()) {
      const { [VIEW]: address, [BOARD]: board, ...data } = model.data;
      model.setData({ data: { ...data, ...seen }, metadata: model.metadata });
    }
  }

  function show(panel, model, output) {
    const { model_id: id } = model.data[VIEW];
    const dock = docks.find((one) => one.id === id) ?? open(panel, model);
    dock.outputs.set(output, model);
    toFront(dock);
    dropLeft(panel);
    return dock;
  }

  function leave(output) {
    docks.forEach((dock) => dock.outputs.delete(output));
  }

  // A board whose cell shows it no more; it keeps the place until the next one has it.
  function dropLeft(panel) {
    docks.filter((one) => one.panel === panel && !one.outputs.size).forEach(close);
  }

  // A cell that waits for others has lost its board already, and gets another one.
  function dropWhenAllIsDone(panel) {
    setTimeout(() => {
      const prompts = Array.from(panel.node.querySelectorAll(".jp-InputPrompt"));
      if (!prompts.some((prompt) => prompt.textContent.includes("*"))) {
        dropLeft(panel);
      }
    }, SETTLED_MS);
  }

  function createRenderer(panel) {
    const output = panel.content.rendermime.createRenderer(HTML);
    const render = output.renderModel.bind(output);
    let shown = null;
    output.tell = (isOpen) =>
      render({ data: { [HTML]: line(shown.data, isOpen) }, metadata: {}, trusted: true });
    output.renderModel = async (model) => {
      shown = model.trusted && model.data[VIEW] ? model : null;
      if (shown) {
        show(panel, shown, output);
        await output.tell(true);
      } else {
        leave(output);
        dropLeft(panel);
        await render(model);
      }
    };
    output.node.addEventListener("click", (event) => {
      if (shown && event.target.closest(".wb-docked button")) {
        event.preventDefault();
        const dock = show(panel, shown, output);
        if (!hasABeside() || covers(dock)) {
          shell.activateById(dock.area.id);
        }
        output.tell(true);
      }
    });
    output.disposed.connect(() => leave(output));
    return output;
  }

  function createNew(panel, context) {
    const factory = {
      safe: true,
      mimeTypes: [BOARD],
      createRenderer: () => createRenderer(panel),
    };
    panel.content.rendermime.addFactory(factory, RANK);
    context.sessionContext.statusChanged.connect((_, status) => {
      if (!WORKS.includes(status)) {
        dropWhenAllIsDone(panel);
      }
    });
    panel.disposed.connect(() => docks.filter((one) => one.panel === panel).forEach(close));
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
      ({ shell } = app);
      // Notebook 7 has one document on a page, and no place beside it.
      if (!shell.mode) {
        return;
      }
      document.head.insertAdjacentHTML("beforeend", `<style>${STYLE}</style>`);
      app.docRegistry.addWidgetExtension("Notebook", { createNew });
      shell.currentChanged.connect(follow);
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["streaming-workbook-docking"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
