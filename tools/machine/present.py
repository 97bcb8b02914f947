"""Present a lesson: its deck in the browser, and beside it a live notebook whose kernel is ready. See `make present`.

A deck speaks one language; for both there are two, beside a notebook in both. The deck is for the screen, the notebook for running and
changing what the deck shows: it holds the same lesson without its results, and its imports and profile values have been run already.
"""

import argparse
import itertools
import os
import secrets
import signal
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import jupyter_client
import requests

from tools.lessons import notebooks, one_language, slides
from tools.lessons.notebooks import ROOT
from tools.machine import ports, start
from utils.data import fetch

PATIENCE = 60  # seconds for the server to answer, and for the imports
NO_PROXY = {"http": ""}  # to this machine itself


def live_notebook(notebook: notebooks.Notebook, language: str) -> Path:
    """Write the lesson in a language (zh, en or both), without results, to work/present, and return its path; it is rewritten each time.

    Raises:
        NotebookError: if the lesson's source is malformed.
    """
    nb = notebooks.read_source(notebook.source)
    notebooks.fill_minutes(nb, notebooks.read_built(notebook.built).metadata.get("course", {}).get("seconds", 0))
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = one_language.in_language(cell.source, language)
        else:
            cell.source = notebooks.GAP_MARKS.sub("", cell.source)
    notebooks.tidy_cells(nb)
    path = ROOT / "work" / "present" / f"{notebook.name}.{language}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebooks.write(nb, path)
    return path


def preparation(nb) -> list[str]:
    """Return the code to run before the first slide: the cells up to the profile's values, which no slide shows."""
    code = (cell for cell in nb.cells if cell.cell_type == "code")
    return [cell.source for cell in itertools.takewhile(slides.is_setup, code)]


def run_on_kernel(address: str, token: str, path: str, cells: list[str]) -> None:
    """Start the kernel of a notebook on a running server of this machine and run code on it.

    Args:
        address: the server's, such as http://127.0.0.1:8888.
        token: what the server wants.
        path: the notebook's, inside the server's folder.
        cells: what to run, in order.

    Raises:
        NotebookError: if the server refuses, a cell fails, or nothing answers in time.
    """
    wanted = {"path": path, "name": Path(path).name, "type": "notebook", "kernel": {"name": "python3"}}
    header = {"Authorization": f"token {token}"}
    asked = requests.post(f"{address}/api/sessions", json=wanted, headers=header, timeout=PATIENCE, proxies=NO_PROXY)
    if asked.status_code != 201:
        raise notebooks.NotebookError(f"the server started no kernel for {path}: {asked.status_code} {asked.text[:200]}")
    kernel = asked.json()["kernel"]["id"]
    client = jupyter_client.BlockingKernelClient(connection_file=jupyter_client.find_connection_file(kernel))
    client.load_connection_file()
    client.start_channels()
    try:
        for code in cells:
            told = client.execute(code, store_history=False, reply=True, timeout=PATIENCE)["content"]
            if told["status"] != "ok":
                raise notebooks.NotebookError(f"{path}: {told.get('ename')}: {told.get('evalue')}")
    except TimeoutError:
        raise notebooks.NotebookError(f"{path}: its kernel did not answer within {PATIENCE} seconds") from None
    finally:
        client.stop_channels()


def wait_for(address: str, token: str, server: subprocess.Popen) -> None:
    """Return when a server answers.

    Raises:
        NotebookError: if it stops, or does not answer in time.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise notebooks.NotebookError(f"JupyterLab stopped with exit status {server.returncode}; see above")
        try:
            if requests.get(f"{address}/api/status", headers={"Authorization": f"token {token}"}, timeout=2, proxies=NO_PROXY).ok:
                return
        except requests.RequestException:
            time.sleep(0.3)
    raise notebooks.NotebookError(f"JupyterLab did not answer within {PATIENCE} seconds")


@notebooks.command("present", ports.PortError, fetch.FetchError)
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.machine.present", description=__doc__)
    parser.add_argument("lesson", help="number of a lesson, such as 05")
    parser.add_argument("--port", default="", help="port to listen on; the first free one from 8888 on when left out")
    options = parser.parse_args(arguments)
    language, server = os.environ.get("COURSE_LANGUAGE", "") or "zh", None
    try:
        if language not in (*one_language.LANGUAGES, "both"):
            raise notebooks.NotebookError(f"COURSE_LANGUAGE={language!r}: expected zh, en or both")
        if not options.lesson.strip():
            raise notebooks.NotebookError("Say which: make present NB=05 COURSE_LANGUAGE=zh")
        lesson = notebooks.find(options.lesson)[0]
        port = ports.choose(options.port, "make present")
        slides.write_assets(slides.FOLDER / "assets")
        decks = slides.build(lesson, list(one_language.LANGUAGES) if language == "both" else [language], slides.FOLDER)
        path = live_notebook(lesson, language)
        address, token = f"http://{ports.HOST}:{port}", secrets.token_hex(16)
        line = [*start.command(port, False, opened=path), f"--IdentityProvider.token={token}", "--ServerApp.log_level=WARN"]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped in whatever way, the server stops as well
        server = subprocess.Popen(line, cwd=ROOT)
        wait_for(address, token, server)
        run_on_kernel(address, token, path.relative_to(ROOT).as_posix(), preparation(notebooks.read_source(lesson.source)))
        live = f"{address}/lab/tree/{path.relative_to(ROOT).as_posix()}?token={token}"
        places = [deck.as_uri() for deck in decks] + [live]
        print("\n".join([*(f"投影片 · slides: {place}" for place in places[:-1]), f"筆記本 · notebook: {live}"]), flush=True)
        if os.environ.get("BROWSER", "").lower() != "none":
            for place in places:
                webbrowser.open(place)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server and server.poll() is None:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
