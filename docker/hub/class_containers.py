"""A student's server as a container of the course's image, on one machine with Docker."""

import class_settings

NETWORK = "course-hub"
STUDENT = "1000:1000"  # the image's user and group
COURSE_INSIDE, DATA_INSIDE, HOME_INSIDE = "/opt/course", "/data", "/home/student"  # as the Dockerfile lays them out
RUNTIME_INSIDE = "/tmp/jupyter"  # for the kernels' sockets, which a volume on another machine may not hold


def network_gateway(client, name: str = NETWORK) -> str:
    """Return the address at which containers of the hub's network reach this machine; make the network at first use.

    On this network containers reach the hub and the internet, but not each other.

    Args:
        client: a `docker.DockerClient`.

    Raises:
        SettingsError: if there is such a network and containers on it could reach each other.
    """
    import docker

    try:
        network = client.networks.get(name)
    except docker.errors.NotFound:
        network = client.networks.create(name, driver="bridge", options={"com.docker.network.bridge.enable_icc": "false"})
        network.reload()
    if network.attrs.get("Options", {}).get("com.docker.network.bridge.enable_icc") != "false":
        raise class_settings.SettingsError(
            f"On the Docker network {name} containers can reach each other, so it was not made by this hub. Remove it when no "
            f"container uses it (docker network rm {name}); the hub makes it again as it should be."
        )
    return network.attrs["IPAM"]["Config"][0]["Gateway"]


def connect():
    """Return a client of this machine's Docker.

    Raises:
        SettingsError: if Docker does not answer.
    """
    import docker

    try:
        client = docker.from_env()
        client.ping()
    except docker.errors.DockerException as error:
        raise class_settings.SettingsError(
            f"Docker does not answer ({error}). Start it (sudo systemctl start docker), and let this user use it (sudo usermod "
            "-aG docker $USER, then log in again). For a trial without Docker: COURSE_HUB_SPAWNER=local"
        ) from None
    return client


def configure(c, settings, client=None) -> None:
    """Set DockerSpawner up: image, limits, the student's volume, the shared data for reading only, GPU if asked for.

    Raises:
        SettingsError: if Docker does not answer, its network is not the hub's, or the image is not there.
    """
    import docker

    client = client or connect()
    try:
        client.images.get(settings.image)
    except docker.errors.ImageNotFound:
        raise class_settings.SettingsError(
            f"The image {settings.image} is not on this machine, so every student's start would fail. Build it (make image), or "
            "name another: COURSE_HUB_IMAGE"
        ) from None
    gateway = network_gateway(client)
    c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
    c.JupyterHub.hub_ip = gateway  # the hub's own port is open to containers, not to the room
    c.DockerSpawner.image = settings.image
    c.DockerSpawner.pull_policy = "never"
    c.DockerSpawner.network_name = NETWORK
    c.DockerSpawner.use_internal_ip = True
    c.DockerSpawner.remove = True  # a container is thrown away; the volume stays
    c.DockerSpawner.name_template = "course-{username}"
    c.DockerSpawner.volumes = {"course-work-{username}": HOME_INSIDE}
    c.DockerSpawner.read_only_volumes = {str(settings.data): DATA_INSIDE}
    c.Spawner.environment |= {"JUPYTER_RUNTIME_DIR": RUNTIME_INSIDE}
    c.DockerSpawner.cmd = ["jupyterhub-singleuser", f"--config={COURSE_INSIDE}/docker/hub/singleuser_config.py"]
    c.DockerSpawner.extra_create_kwargs = {"user": STUDENT}
    host_config = {
        "security_opt": ["no-new-privileges"], "cap_drop": ["ALL"], "pids_limit": 512, "read_only": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,size=1g"}, "shm_size": "1g",
    }  # fmt: skip
    if settings.gpu:
        host_config["device_requests"] = [docker.types.DeviceRequest(count=-1, capabilities=[["gpu"]])]
    c.DockerSpawner.extra_host_config = host_config
