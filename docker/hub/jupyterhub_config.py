"""The classroom hub on one machine: a container for each student, or processes for a trial.

What the instructor decides comes from environment variables; class_settings.py lists them. `make hub` starts it.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import class_settings  # noqa: E402 (the folder is not a package: `docker` is the name of a library)

c = get_config()  # noqa: F821 (JupyterHub defines it)

try:
    settings = class_settings.read()
except class_settings.SettingsError as error:
    sys.exit(str(error))

# Where it listens, and where it keeps what must outlive it.
scheme = "https" if settings.certificate else "http"
c.JupyterHub.bind_url = f"{scheme}://{settings.address}:{settings.port}"
if settings.certificate:
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = str(settings.certificate), str(settings.key)
settings.state.mkdir(mode=0o711, parents=True, exist_ok=True)  # students' processes pass through it to their homes
hub_alone = settings.state / "hub"
hub_alone.mkdir(mode=0o700, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{hub_alone / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(hub_alone / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(hub_alone / "proxy.pid")
proxy = Path(sys.prefix) / "node_modules" / ".bin" / "configurable-http-proxy"
c.ConfigurableHTTPProxy.command = [str(proxy) if proxy.exists() else shutil.which("configurable-http-proxy") or str(proxy)]

# Who may come in.
c.Authenticator.allow_all = False
c.Authenticator.allowed_users = set(settings.users | settings.admins)
c.Authenticator.admin_users = set(settings.admins)
c.Authenticator.delete_invalid_users = False
if settings.authentication == "passwords":
    from class_authenticator import ClassPasswordAuthenticator

    c.JupyterHub.authenticator_class = ClassPasswordAuthenticator
    c.ClassPasswordAuthenticator.password_file = str(settings.passwords)
elif settings.authentication == "native":
    import nativeauthenticator

    unclaimed = class_settings.instructors_without_account(hub_alone / "jupyterhub.sqlite", settings.admins)
    if unclaimed and settings.address not in class_settings.LOOPBACK:
        sys.exit(
            f"Nobody has signed up as {', '.join(sorted(unclaimed))} yet, so anybody in the room could, with an instructor's rights. Start "
            "once with COURSE_HUB_ADDRESS=127.0.0.1, sign up under that name at /hub/signup, and start again."
        )
    c.JupyterHub.authenticator_class = "native"
    c.JupyterHub.template_paths = [str(Path(nativeauthenticator.__file__).parent / "templates")]
    c.Authenticator.allow_all = True  # of those whom an instructor has let in: signing up alone opens nothing
    c.NativeAuthenticator.open_signup = False
    c.NativeAuthenticator.minimum_password_length = 10
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.allowed_failed_logins = 5
    c.NativeAuthenticator.seconds_before_next_try = 120
else:
    c.JupyterHub.authenticator_class = os.environ["COURSE_HUB_OAUTH"]

# What one student gets. A whole class starts within a minute or two, so a start may take a while.
c.Spawner.mem_guarantee = f"{class_settings.MEMORY_GUARANTEE_GB:g}G"
c.Spawner.mem_limit = f"{settings.memory_limit_gb:g}G"
c.Spawner.cpu_guarantee = class_settings.CPU_GUARANTEE
c.Spawner.cpu_limit = settings.cpu_limit
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.Spawner.default_url = "/lab/tree/notebooks/00_welcome.ipynb"
c.Spawner.environment = {
    name: str(settings.threads) for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
} | {"TF_FORCE_GPU_ALLOW_GROWTH": "true"}  # else the first student's TensorFlow takes all memory of a shared GPU

if settings.spawner == "local":
    from class_spawners import OwnUserSpawner

    if reason := class_settings.why_students_cannot_start(Path(sys.executable), class_settings.COURSE, settings.data):
        sys.exit(reason)
    c.JupyterHub.spawner_class = OwnUserSpawner
    c.OwnUserSpawner.homes = str(settings.state / "homes")
    own_config = class_settings.COURSE / "docker" / "hub" / "singleuser_config.py"
    c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser", f"--config={own_config}"]
    c.Spawner.environment |= {"COURSE_DATA": str(settings.data)}
else:
    import class_containers

    try:
        class_containers.configure(c, settings)
    except class_containers.DockerError as error:
        sys.exit(str(error))

# Servers that nobody uses are stopped; their files stay.
c.JupyterHub.services = [{
    "name": "idle-culler",
    "command": [
        sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={settings.idle_seconds}",
        f"--cull-every={max(1, min(300, settings.idle_seconds // 2))}",
    ],
}]  # fmt: skip
c.JupyterHub.load_roles = [{
    "name": "idle-culler",
    "services": ["idle-culler"],
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
}]
if settings.load_token:
    c.JupyterHub.services += [{"name": "load-test", "api_token": settings.load_token}]
    c.JupyterHub.load_roles += [{
        "name": "load-test",
        "services": ["load-test"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }]

c.JupyterHub.template_vars = {
    "announcement_login": "用老師給你的名字和密碼登入。 · Log in with the name and the password from your instructor.",
    "announcement_spawn": "正在啟動你的伺服器；全班同時啟動時要等一下。 · Your server is starting; with the whole class it takes a while.",
}
