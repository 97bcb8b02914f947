"""Jupyter's settings for the course, on a laptop and in a container. `make start` adds address and port."""

import contextlib
import json
import logging
from pathlib import Path

from jupyterlab.commands import get_workspaces_dir
from jupyterlab_server import settings_utils, translation_utils, translations_handler
from jupyterlab_server.workspaces_handler import WorkspacesManager

c = get_config()  # noqa: F821 (Jupyter defines it)

c.LabApp.default_url = "/lab/tree/work/lessons/00_welcome.ipynb"
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None  # no request to another site, and no question about it
c.LabApp.app_settings_dir = str(Path(__file__).parent / "jupyterlab")  # overrides.json: what JupyterLab shows before anybody chooses
# What students do not work with stays out of the list of files.
c.ContentsManager.hide_globs.extend(["source", "thumbnails", "solutions"])
c.ServerApp.log_level = "WARN"
# Jupyter closes a connection whose limit has passed, and looks once an interval, so the limit must be the longer one.
c.ServerApp.tornado_settings = {"ws_ping_interval": 30_000, "ws_ping_timeout": 90_000}
# Tornado takes these milliseconds for seconds and would warn about them.
logging.getLogger("tornado.general").addFilter(lambda record: "websocket_ping_timeout" not in record.getMessage())


# Beside the notebook stands its table of contents. JupyterLab remembers what was open, so this is for who has not opened it yet.
SHOWN = "@jupyterlab/toc:plugin"
CONTENTS = {"left": {"collapsed": False, "visible": True, "current": SHOWN, "widgets": ["filebrowser", "running-sessions", SHOWN]},
            "right": {"collapsed": True, "visible": True, "widgets": []}, "relativeSizes": [0.2, 0.8, 0]}  # fmt: skip
with contextlib.suppress(OSError):
    if not Path(get_workspaces_dir()).exists():
        first = {"data": {"layout-restorer:data": CONTENTS}, "metadata": {"id": "default"}}
        WorkspacesManager(get_workspaces_dir()).save("default", json.dumps(first))


# The language pack leaves half of the menus in English. JupyterLab's own way to add to a pack ("jupyterlab.locale") compares versions, and
# this pack's is no number.
MENUS = json.loads(Path(__file__).with_name("jupyterlab").joinpath("menus.zh_TW.json").read_text(encoding="utf-8"))


def with_menus_in_chinese(locale):
    pack, message = translation_utils.get_language_pack(locale)
    if locale == "zh_TW" and "jupyterlab" in pack:
        head = {"": pack["jupyterlab"][""]}
        for domain, strings in MENUS.items():  # in the pack's own form: two strings where the English has a plural
            pack[domain] = head | pack.get(domain, {}) | strings
    return pack, message


translations_handler.get_language_pack = with_menus_in_chinese
# Names of languages, and submenus of a right click, the server translates itself, with the pack alone, and without reading
# overrides.json: until somebody chooses, in Chinese too.
settings_utils.SYS_LOCALE = "zh_TW"
pack_alone = translation_utils.TranslationBundle.pgettext


def with_submenus_in_chinese(bundle, context, text):
    added = MENUS.get(bundle._domain, {}) if bundle._locale == "zh_TW" else {}
    return added.get(f"{context}\x04{text}", [pack_alone(bundle, context, text)])[0]


translation_utils.TranslationBundle.pgettext = with_submenus_in_chinese


# Labs are graded from the command line: nbgrader's panels would only ask students for a course that is not set up here.
# Lessons are built from the command line: jupytext's two menus would only offer students other forms of a notebook.
# And nobody is asked whether Jupyter's news may be fetched.
def hide_prompts(_, page_config):
    page_config["federated_extensions"] = [
        extension
        for extension in page_config.get("federated_extensions", [])
        if extension["name"] not in ("@jupyter/nbgrader", "jupyterlab-jupytext")
    ]
    disabled = page_config.get("disabledExtensions", [])  # names, or names with whether
    page_config["disabledExtensions"] = [*disabled, "@jupyterlab/apputils-extension:announcements"]
    return page_config


c.ServerApp.tornado_settings["page_config_hook"] = hide_prompts
c.ServerApp.jpserver_extensions = {
    f"nbgrader.server_extensions.{name}": False
    for name in ("formgrader", "validate_assignment", "assignment_list", "course_list")
}
