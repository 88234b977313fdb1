"""Everything a Lab finds when it starts: kernel, settings, layout, environment."""

import json
import os
import shutil
import sys
from pathlib import Path

from helpers import files
from helpers.course.project import KERNEL_NAME, KERNEL_TITLE
from helpers.servers.environment import client_environment, unwanted
from helpers.servers.interface import ClusterStatus
from helpers.settings import Settings

_OVERRIDES = Path(__file__).with_name("overrides.json")
_EXTENSIONS = ("docking", "links", "snapshots")
_OF_KERNEL = "--IPKernelApp.extra_extensions=helpers.course.new_kernel"
_TABLE_OF_CONTENTS = "@jupyterlab/toc:plugin"
# A user's own settings of Jupyter may switch the token off, open the server to the
# network, start kernels elsewhere or name extensions that are not installed here. Those
# of Python are modules, a startup file, warnings and encodings for other programs.
_OF_OTHERS = ("JUPYTER", "PYTHON")
_STAYS = "JUPYTER_PORT"


def lab_dir(settings: Settings) -> Path:
    """Return the folder that holds the Lab's own files."""
    return settings.state_dir / "lab"


def runtime_dir(settings: Settings) -> Path:
    """Return the folder in which a running Lab leaves its address and token."""
    return lab_dir(settings) / "runtime"


def kernel_file() -> Path:
    """Return where this environment has the course's kernel specification."""
    kernels = Path(sys.prefix) / "share" / "jupyter" / "kernels"
    return kernels / KERNEL_NAME / "kernel.json"


def install_kernel() -> None:
    """Write the kernel specification of the course into this environment."""
    kernel_file().parent.mkdir(parents=True, exist_ok=True)
    launcher = [sys.executable, "-m", "ipykernel_launcher"]
    spec = {
        "argv": [*launcher, "-f", "{connection_file}", _OF_KERNEL],
        "display_name": KERNEL_TITLE,
        "language": "python",
        "metadata": {"debugger": True},
    }
    _renew(kernel_file(), json.dumps(spec, indent=1))


def install_settings() -> None:
    """Write the course's defaults of JupyterLab; the user's own choices win.

    With them go three small extensions: live boards open beside their notebook, links to
    a section of another notebook lead there at the first click, and a saved notebook
    shows what its widgets showed.
    """
    jupyter = Path(sys.prefix) / "share" / "jupyter"
    folder = jupyter / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    _copy(str(_OVERRIDES), str(folder / "overrides.json"))
    for name in _EXTENSIONS:
        extension = jupyter / "labextensions" / f"streaming-workbook-{name}"
        source = Path(__file__).with_name(name)
        shutil.copytree(source, extension, copy_function=_copy, dirs_exist_ok=True)


def _copy(source: str, target: str) -> None:
    _renew(Path(target), Path(source).read_text("utf-8"))


def _renew(file: Path, text: str) -> None:
    """Write what another Lab of this environment may be reading: whole, or not at all."""
    if not file.exists() or file.read_text("utf-8") != text:
        files.write(file, text)


def lab_environment(settings: Settings, status: ClusterStatus) -> dict[str, str]:
    """Return the environment of the Lab, its kernels and its terminals."""
    home = lab_dir(settings)
    scripts = str(Path(sys.executable).parent)
    hidden = unwanted(status)
    env = {
        key: value
        for key, value in os.environ.items()
        if key == _STAYS or not (key in hidden or key.startswith(_OF_OTHERS))
    }
    return {
        **env,
        **client_environment(status),
        # Whatever the locale: lessons print more than ASCII has.
        "PYTHONUTF8": "1",
        "PATH": os.pathsep.join([scripts, env.get("PATH", os.defpath)]),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime_dir(settings)),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }


def arrange_workspace(settings: Settings, notebook: str) -> None:
    """Lay out the first Lab: the notebook open, its table of contents at the side.

    A layout that the student has changed since stays as it is.

    Args:
        settings: where the Lab keeps its files.
        notebook: path of the notebook as Lab sees it.
    """
    folder = lab_dir(settings) / "workspaces"
    if folder.exists():
        return
    # Not above: only the first Lab of a clone has use for it.
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    folder.mkdir(parents=True)
    widget = f"notebook:{notebook}"
    layout = {
        "main": {
            "dock": {"type": "tab-area", "currentIndex": 0, "widgets": [widget]},
            "current": widget,
        },
        "left": {
            "collapsed": False,
            "visible": True,
            "current": _TABLE_OF_CONTENTS,
            "widgets": ["filebrowser", "running-sessions", _TABLE_OF_CONTENTS],
        },
        "down": {"size": 0, "collapsed": True, "widgets": []},
        "right": {"collapsed": True, "visible": True, "widgets": []},
        "relativeSizes": [0.2, 0.8, 0],
        "top": {"simpleVisibility": True},
    }
    document = {"data": {"path": notebook, "factory": "Notebook"}}
    data = {"layout-restorer:data": layout, widget: document}
    data["file-browser-filebrowser:cwd"] = {"path": str(Path(notebook).parent)}
    workspace = {
        "data": data,
        "metadata": {"id": "default"},
    }
    WorkspacesManager(str(folder)).save("default", json.dumps(workspace))
