"""A student's server as a container of the course's image, on one machine with Docker."""

from class_settings import SettingsError

import docker

NETWORK = "course-hub"
ALONE = "com.docker.network.bridge.enable_icc"  # whether containers of a network reach each other


def network_gateway(client: docker.DockerClient) -> str:
    """Return the address at which containers of the hub's network reach this machine; make the network at first use.

    On this network containers reach the hub and the internet, but not each other.

    Raises:
        SettingsError: if there is such a network and containers on it could reach each other.
    """
    try:
        network = client.networks.get(NETWORK)
    except docker.errors.NotFound:
        network = client.networks.create(NETWORK, driver="bridge", options={ALONE: "false"})
        network.reload()
    if network.attrs.get("Options", {}).get(ALONE) != "false":
        raise SettingsError(
            f"On the Docker network {NETWORK} containers can reach each other, so this hub did not make it. Remove it "
            f"when no container uses it (docker network rm {NETWORK}); the hub makes it again as it should be."
        )
    return network.attrs["IPAM"]["Config"][0]["Gateway"]


def configure(c, settings) -> None:
    """Set DockerSpawner up: image, limits, the student's volume, the shared data for reading only, GPU if asked for.

    Raises:
        SettingsError: if Docker does not answer, its network is not the hub's, or the image is not there.
    """
    try:
        client = docker.from_env()
        client.images.get(settings.image)
    except docker.errors.ImageNotFound:
        raise SettingsError(
            f"The image {settings.image} is not on this machine, so every student's start would fail. Build it (make "
            "image), or name another: COURSE_HUB_IMAGE"
        ) from None
    except docker.errors.DockerException as error:
        raise SettingsError(
            f"Docker does not answer ({error}). Start it (sudo systemctl start docker), and let this user use it (sudo "
            "usermod -aG docker $USER, then log in again). For a trial without Docker: COURSE_HUB_SPAWNER=local"
        ) from None
    c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
    c.JupyterHub.hub_ip = network_gateway(client)  # the hub's own port is open to containers, not to the room
    c.DockerSpawner.image = settings.image
    c.DockerSpawner.pull_policy = "never"
    c.DockerSpawner.network_name = NETWORK
    c.DockerSpawner.use_internal_ip = True
    c.DockerSpawner.remove = True  # a container is thrown away; the volume stays
    c.DockerSpawner.name_template = "course-{username}"
    # What follows fits the image: its user, and the places of course, data and home, as the Dockerfile lays them out.
    c.DockerSpawner.volumes = {"course-work-{username}": "/home/student"}
    c.DockerSpawner.read_only_volumes = {str(settings.data): "/data"}
    c.DockerSpawner.cmd = ["jupyterhub-singleuser", "--config=/opt/course/docker/hub/singleuser_config.py"]
    c.DockerSpawner.extra_create_kwargs = {"user": "1000:1000"}
    c.Spawner.environment |= {"JUPYTER_RUNTIME_DIR": "/tmp/jupyter"}  # a volume may not hold the kernels' sockets
    c.DockerSpawner.extra_host_config = {
        "security_opt": ["no-new-privileges"], "cap_drop": ["ALL"], "pids_limit": 512, "read_only": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,size=1g"}, "shm_size": "1g",
    }  # fmt: skip
    if settings.gpu:
        gpus = [docker.types.DeviceRequest(count=-1, capabilities=[["gpu"]])]
        c.DockerSpawner.extra_host_config["device_requests"] = gpus
