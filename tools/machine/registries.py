"""How this machine reaches package registries, as secrets of an image's build: nothing of it stays in the image.

A campus often has a mirror, a proxy or certificates of its own, set in pip's and npm's files or in environment variables.
"""

import ast
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

INDEXES = ("index-url", "extra-index-url")  # folders of these hold pages, and what they link to lies beside the folder
PIP_KEYS = (*INDEXES, "find-links", "no-index", "trusted-host", "proxy", "cert", "timeout", "default-timeout", "retries")
NPM_KEYS = ("registry", "cafile", "proxy", "https-proxy", "noproxy", "strict-ssl")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
CERTIFICATES = "/run/secrets/certificates"  # where the Dockerfile has the secret of that name


class Settings(NamedTuple):
    """Secrets by name, folders of this machine that they point to, and names of proxy variables."""

    secrets: dict[str, Path] = {}
    folders: list[Path] = []
    proxies: list[str] = []


def parse_pip(listing: str) -> dict[str, str]:
    """Return the settings that matter from what `pip config list` prints; variables win over files, as in pip.

    Args:
        listing: lines such as global.cert='/etc/ssl/campus.pem' or :env:.find-links='/wheels'.
    """
    found: dict[str, dict[str, str]] = {"file": {}, "env": {}}
    for line in listing.splitlines():
        match = re.fullmatch(r"(global|install|:env:)\.([\w-]+)=(.+)", line.strip())
        if match and match[2] in PIP_KEYS:
            found["env" if match[1] == ":env:" else "file"][match[2]] = str(ast.literal_eval(match[3]))
    return found["file"] | found["env"]


def local_folders(pip: Mapping[str, str]) -> list[Path]:
    """Return the folders of this machine from which pip takes packages."""
    folders = set()
    for key in (*INDEXES, "find-links"):
        for place in pip.get(key, "").split():
            address = urllib.parse.urlparse(place)
            if address.scheme not in ("", "file"):
                continue
            path = Path(urllib.request.url2pathname(address.path))
            path = path.parent if key in INDEXES else path
            if path.is_dir() and len(path.parts) > 1:
                folders.add(path.resolve())
    return sorted(folders)


def pip_settings() -> dict[str, str]:
    """Return this machine's settings of pip; none where there is no pip."""
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True)
    return parse_pip(asked.stdout) if not asked.returncode else {}


def npm_settings() -> dict[str, str]:
    """Return this machine's settings of npm; none where there is no npm."""
    npm = shutil.which("npm")
    asked = subprocess.run([npm, "config", "list", "--json"], capture_output=True, text=True) if npm else None
    if not asked or asked.returncode:
        return {}
    found = json.loads(asked.stdout)
    chosen = {key: found.get(key) for key in NPM_KEYS}
    lists = {key: ",".join(value) for key, value in chosen.items() if isinstance(value, list)}
    off = {key: "false" for key, value in chosen.items() if value is False}
    return {key: value for key, value in (chosen | lists | off).items() if isinstance(value, str) and value}


def settings(folder: Path) -> Settings:
    """Write this machine's settings into files of `folder`, and return what a build needs.

    Args:
        folder: an empty folder that the caller removes.
    """
    pip, npm = pip_settings(), npm_settings()
    secrets: dict[str, Path] = {}
    bundle = pip.get("cert") or npm.get("cafile") or os.environ.get("SSL_CERT_FILE", "")
    if bundle and Path(bundle).is_file():
        secrets["certificates"] = Path(bundle).resolve()
        pip["cert"] = npm["cafile"] = CERTIFICATES
    else:
        pip.pop("cert", None)
        npm.pop("cafile", None)
    if pip:
        config = configparser.RawConfigParser()
        config["global"] = {key: value.replace("\n", "\n\t") for key, value in pip.items()}
        secrets["pip_config"] = folder / "pip.conf"
        with open(secrets["pip_config"], "w", encoding="utf-8") as file:
            config.write(file)
    if npm:
        secrets["npm_config"] = folder / "npmrc"
        secrets["npm_config"].write_text("".join(f"{key}={value}\n" for key, value in npm.items()), encoding="utf-8")
    for path in secrets.values():
        if path.is_relative_to(folder):
            path.chmod(0o600)
    return Settings(secrets, local_folders(pip), [name for name in PROXIES if os.environ.get(name)])
