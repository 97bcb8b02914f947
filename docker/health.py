"""Whether the container's JupyterLab answers: exit status 0 if it does, 1 with the reason if not.

It asks for /api, which needs no token, on the port that JupyterLab was given; below JUPYTERHUB_SERVICE_PREFIX in a hub.
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 8  # less than the HEALTHCHECK's own limit, so that the reason is seen


def address(environment: dict[str, str]) -> str:
    """Return the address to ask."""
    prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX") or "/"
    return f"http://127.0.0.1:{environment.get('PORT') or '8888'}{prefix}api"


def main() -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy to oneself
    try:
        with opener.open(address(dict(os.environ)), timeout=SECONDS) as answer:
            print(answer.read().decode())
    except (urllib.error.URLError, OSError) as error:
        print(f"JupyterLab does not answer at {address(dict(os.environ))}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
