"""Jupyter's settings for the course, on a laptop and in a container. `make lab` adds address and port."""

c = get_config()  # noqa: F821 (Jupyter defines it)

c.LabApp.default_url = "/lab/tree/notebooks/00_welcome.ipynb"
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None  # no request to another site, and no question about it
c.ServerApp.log_level = "WARN"
# Tornado wants a ping's time limit to be no longer than the interval; Jupyter's default is three times as long.
c.ServerApp.tornado_settings = {"ws_ping_interval": 30_000, "ws_ping_timeout": 30_000}
