"""The classroom hub on one machine: a container for each student, or processes for a trial.

What the instructor decides comes from environment variables; class_settings.py lists them. `make hub` starts it.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import class_authenticator  # noqa: E402 (the folder is not a package: `docker` is the name of a library)
import class_settings  # noqa: E402

c = get_config()  # noqa: F821 (JupyterHub defines it)
settings = class_settings.read()

# Where it listens, and where it keeps what must outlive it.
scheme = "https" if settings.certificate else "http"
c.JupyterHub.bind_url = f"{scheme}://{settings.address}:{settings.port}"
if settings.certificate:
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = str(settings.certificate), str(settings.key)
settings.state.mkdir(mode=0o711, parents=True, exist_ok=True)  # students' processes pass through it to their homes
hub_folder = settings.state / "hub"
hub_folder.mkdir(mode=0o700, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{hub_folder / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(hub_folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(hub_folder / "proxy.pid")
proxy, places = "configurable-http-proxy", f"{Path(sys.prefix, 'node_modules', '.bin')}:{os.environ['PATH']}"
c.ConfigurableHTTPProxy.command = [shutil.which(proxy, path=places) or proxy]

# Who may come in, and stay: asked again every minute, and before a server starts.
c.Authenticator.allow_all = False
c.Authenticator.allow_existing_users = False  # so that a name taken out of COURSE_HUB_USERS is out
c.Authenticator.allowed_users = set(settings.users | settings.admins)
c.Authenticator.admin_users = set(settings.admins)
c.Authenticator.auth_refresh_age = 60
c.Authenticator.refresh_pre_spawn = True
c.AllowListAuthenticator.load_trial = bool(settings.load_token)
c.NativeAuthenticator.allowed_failed_logins = 5
c.NativeAuthenticator.seconds_before_next_try = 120
if settings.authentication == "passwords":
    c.JupyterHub.authenticator_class = class_authenticator.ClassPasswordAuthenticator
    c.ClassPasswordAuthenticator.password_file = str(settings.passwords)
elif settings.authentication == "native":
    class_settings.check_that_instructors_have_signed_up(hub_folder / "jupyterhub.sqlite", settings)
    c.JupyterHub.authenticator_class = class_authenticator.SignUpAuthenticator
    c.NativeAuthenticator.open_signup = False
    c.NativeAuthenticator.minimum_password_length = 10
    c.NativeAuthenticator.check_common_password = True
else:
    c.JupyterHub.authenticator_class = class_authenticator.school_accounts(settings.oauth_provider)

# What one student gets. A whole class starts within a minute or two, so a start may take a while.
c.Spawner.mem_guarantee = f"{class_settings.MEMORY_GUARANTEE_GB:g}G"
c.Spawner.mem_limit = f"{settings.memory_limit_gb:g}G"
c.Spawner.cpu_guarantee = class_settings.CPU_GUARANTEE
c.Spawner.cpu_limit = settings.cpu_limit
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.default_url = "/lab/tree/work/lessons/00_welcome.ipynb"
threads = str(max(1, int(settings.cpu_limit)))  # TensorFlow counts the machine's cores, not a student's share
c.Spawner.environment = {
    "TF_NUM_INTRAOP_THREADS": threads, "TF_NUM_INTEROP_THREADS": threads, "OMP_NUM_THREADS": threads,
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",  # else the first student's TensorFlow takes all memory of a shared GPU
    "COURSE_CHECKPOINTS": os.environ.get("COURSE_CHECKPOINTS", ""),
}  # fmt: skip

if settings.spawner == "local":
    from class_spawners import OwnUserSpawner

    class_settings.check_that_students_can_start(Path(sys.executable), class_settings.COURSE, settings.data)
    c.JupyterHub.spawner_class = OwnUserSpawner
    c.OwnUserSpawner.state = str(settings.state)
    own_config = class_settings.COURSE / "docker" / "hub" / "singleuser_config.py"
    c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser", f"--config={own_config}"]
    c.Spawner.environment |= {"COURSE_DATA": str(settings.data)}
else:
    import class_containers

    class_containers.configure(c, settings)

# Servers that nobody uses are stopped; their files stay.
culler = [
    sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={settings.idle_seconds}",
    f"--cull-every={max(1, min(300, settings.idle_seconds // 2))}",
]  # fmt: skip
c.JupyterHub.services = [{"name": "idle-culler", "command": culler}]
scopes = {"idle-culler": ["list:users", "read:users:activity", "read:servers", "delete:servers"]}
if settings.load_token:
    c.JupyterHub.services += [{"name": "load-trial", "api_token": settings.load_token}]
    scopes["load-trial"] = ["admin:users", "admin:servers", "access:servers"]
c.JupyterHub.load_roles = [{"name": name, "services": [name], "scopes": rights} for name, rights in scopes.items()]

c.JupyterHub.template_vars = {
    "announcement_login": "用老師給你的名字和密碼登入。 · Log in with the name and the password from your instructor.",
    "announcement_spawn": "正在啟動你的伺服器；全班同時啟動時要等一下。 · Your server is starting; with the whole class it takes a while.",
}
