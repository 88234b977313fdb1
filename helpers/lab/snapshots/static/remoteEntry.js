// A widget lives in its kernel. Of one that is gone JupyterLab shows "model not found".
// So in place of each widget the HTML that was on the screen goes to disk, which Lab, GitHub
// and nbconvert can show. The widget's address goes to the output's metadata: if its kernel
// still runs, as after a reload of the page, the widget comes back. This extension is one
// file and needs no build.

// In a function, since all such files share their page's names.
(() => {
  const VIEW = "application/vnd.jupyter.widget-view+json";
  const EVERY_MS = 10000;
  const ENDS = ["restarting", "autorestarting", "terminating", "dead"];
  const CONTROLS = "input, select, textarea";
  const DISCONNECTED = "jupyter-widgets-disconnected";
  const NOTE = "<small>As it was last. To use it, run the cells again from the first one on.</small>";
  // Other pages than Lab's do not know how widgets are laid out.
  const STYLE = `<style>
  .wb-kept .widget-vbox { display: flex; flex-direction: column; }
  .wb-kept .widget-hbox, .wb-kept .widget-inline-hbox { display: flex; }
  .wb-kept .widget-gridbox { display: grid; }
  .wb-kept > small { opacity: 0.75; }
  </style>`;

  function valueOf(control) {
    return control.selectedOptions?.[0]?.text ?? (control.value || control.placeholder);
  }

  function pictureOf(view) {
    const picture = document.createElement("div");
    picture.className = "wb-kept";
    picture.append(view.cloneNode(true));
    const all = (selector) => Array.from(picture.querySelectorAll(selector));
    // What is typed or chosen is not part of a control's HTML.
    const values = Array.from(view.querySelectorAll(CONTROLS), valueOf);
    all(CONTROLS).forEach((control, number) => control.replaceWith(values[number]));
    all(".noUi-target").forEach((slider) => slider.remove());
    all(`.${DISCONNECTED}`).forEach((one) => one.classList.remove(DISCONNECTED));
    all("button").forEach((button) => button.setAttribute("disabled", ""));
    const note = values.length || all("button").length ? NOTE : "";
    picture.insertAdjacentHTML("afterbegin", STYLE);
    picture.insertAdjacentHTML("beforeend", note);
    return picture.outerHTML;
  }

  // A widget that is on the screen; nothing where it is not, or could not be shown. A board
  // is beside its notebook, and found by its model's address.
  function viewOf(cell, number) {
    const output = cell?.outputArea?.widgets[number];
    const id = cell?.model.outputs.get(number)?.data[VIEW]?.model_id;
    const place =
      document.querySelector(`[data-wb-model="${id}"]`) ??
      output?.node.querySelector(".jp-OutputArea-output");
    return place?.querySelector(":scope > .jupyter-widgets");
  }

  function outputsOf(panel) {
    return panel.content.widgets.flatMap((cell) =>
      Array.from({ length: cell.model.outputs?.length ?? 0 }, (_, number) => ({
        output: cell.model.outputs.get(number),
        view: viewOf(cell, number),
      })),
    );
  }

  // Returns an output, as JSON, with a picture in place of its widget.
  function still(output, view) {
    const { [VIEW]: address, ...data } = output.data ?? {};
    if (!address?.model_id || !(view || data["text/html"])) {
      return output;
    }
    if (view) {
      data["text/html"] = pictureOf(view);
    }
    // What is not laid out, as in a tab behind another one, has no lines.
    if (view?.offsetParent) {
      data["text/plain"] = view.innerText;
    }
    return { ...output, data, metadata: { ...output.metadata, [VIEW]: address } };
  }

  function withPictures(notebook, panel) {
    const cells = notebook.cells.map((cell, index) => {
      const view = (number) => viewOf(panel.content.widgets[index], number);
      const outputs = cell.outputs?.map((one, number) => still(one, view(number)));
      return outputs ? { ...cell, outputs } : cell;
    });
    return { ...notebook, cells };
  }

  async function liveModels(context) {
    await context.sessionContext.ready;
    const kernel = context.sessionContext.session?.kernel;
    const reply = await kernel?.requestCommInfo({ target_name: "jupyter.widget" });
    return reply?.content.comms ?? {};
  }

  // What was just read from disk gets its widgets back where their kernel still has them.
  async function revive(panel, context) {
    if (!outputsOf(panel).some(({ output }) => output.metadata[VIEW])) {
      return;
    }
    const live = await liveModels(context);
    for (const { output } of outputsOf(panel)) {
      const { [VIEW]: address, ...metadata } = output.metadata;
      if (address && live[address.model_id]) {
        output.setData({ data: { ...output.data, [VIEW]: address }, metadata });
      }
    }
  }

  // Programs without this extension, too, save notebooks.
  async function dropDead(panel, context) {
    if (!outputsOf(panel).some(({ output }) => output.data[VIEW])) {
      return;
    }
    const live = await liveModels(context);
    for (const { output } of outputsOf(panel)) {
      const { [VIEW]: address, ...data } = output.data;
      if (address?.model_id && !live[address.model_id]) {
        output.setData({ data, metadata: output.metadata });
      }
    }
  }

  // With its kernel a widget loses its use, but not its looks.
  function freeze(panel) {
    for (const { output, view } of outputsOf(panel)) {
      // Of a board that was closed there is only what the kernel sent.
      if (output.data[VIEW] && (view || output.data["text/html"])) {
        output.setData(still(output.toJSON(), view));
      }
    }
  }

  // Lab begins a save while another one runs, and then finds that the file has changed. Nor
  // does it save what changes during a save.
  function saveOneByOne(context) {
    const save = context.save.bind(context);
    const whole = async () => {
      let missed = false;
      const note = () => (missed = true);
      context.model.contentChanged.connect(note);
      try {
        await save();
      } finally {
        context.model.contentChanged.disconnect(note);
        context.model.dirty ||= missed;
      }
    };
    let last = Promise.resolve();
    context.save = () => (last = last.catch(() => {}).then(whole));
  }

  // A board changes without a change of the notebook, so nothing else would save it.
  function saveWhatMoves(app, panel, context) {
    let saved = "";
    let saving = false;
    const timer = setInterval(async () => {
      const now = outputsOf(panel).map(({ view }) => view?.innerHTML ?? "").join("");
      const may = app.commands.isToggled("docmanager:toggle-autosave") && context.canSave;
      if (saving || now === saved || !may || app.info?.isConnected === false) {
        return;
      }
      saving = true;
      // Lab itself tells what went wrong.
      await context.save().catch(() => {});
      saved = now;
      saving = false;
    }, EVERY_MS);
    panel.disposed.connect(() => clearInterval(timer));
  }

  function createNew(app, panel, context) {
    const toJSON = context.model.toJSON.bind(context.model);
    context.model.toJSON = () =>
      panel.isDisposed ? toJSON() : withPictures(toJSON(), panel);
    saveOneByOne(context);
    saveWhatMoves(app, panel, context);
    context.ready.then(() => Promise.all([revive(panel, context), dropDead(panel, context)]));
    context.fileChanged.connect(() => panel.isDisposed || revive(panel, context));
    context.sessionContext.statusChanged.connect((_, status) => {
      if (ENDS.includes(status) && !panel.isDisposed) {
        freeze(panel);
      }
    });
  }

  const plugin = {
    id: "streaming-workbook-snapshots:plugin",
    description: "Keeps in a notebook what its widgets showed.",
    autoStart: true,
    activate: (app) => {
      const extension = { createNew: (panel, context) => createNew(app, panel, context) };
      app.docRegistry.addWidgetExtension("Notebook", extension);
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["streaming-workbook-snapshots"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
