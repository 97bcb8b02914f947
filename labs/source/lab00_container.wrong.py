# %% replaces="step1" hint="Everybody on the network can reach your notebooks!"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder]


def run_command(engine, tag, course, data, port, gpu):
    """Publishes the port on all addresses."""
    return [engine, "run", "--rm", "-p", f"{port}:8888", "-v", f"{course}:/course", "-v", f"{data}:/data:ro",
            *(["--gpus", "all"] if gpu else []), tag]


# %% replaces="step1" hint="no quotes, and no spaces around them"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder]


def run_command(engine, tag, course, data, port, gpu):
    """Puts quotes around folders, as for a shell."""
    return [engine, "run", "--rm", "-p", f"127.0.0.1:{port}:8888", "-v", f'"{course}":/course', "-v", f'"{data}":/data:ro',
            *(["--gpus", "all"] if gpu else []), tag]


# %% replaces="step1" hint="/data read-only"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder]


def run_command(engine, tag, course, data, port, gpu):
    """Mounts the data so that it can be written."""
    return [engine, "run", "--rm", "-p", f"127.0.0.1:{port}:8888", "-v", f"{course}:/course", "-v", f"{data}:/data",
            *(["--gpus", "all"] if gpu else []), tag]


# %% replaces="step1" hint="Options stand in front of the name of the image"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder, "--no-such-option"]


def run_command(engine, tag, course, data, port, gpu):
    return [engine, "run", tag]


# %% replaces="step2" hint="too much was copied before the installation"
def dockerfile(base, port, user):
    """Copies everything first."""
    return f"""
FROM {base}
WORKDIR /course
COPY . .
RUN pip install -r requirements.txt && useradd {user}
USER {user}
EXPOSE {port}
CMD ["jupyter", "lab", "--ip", "0.0.0.0", "--port", "{port}"]
"""


# %% replaces="step2" hint="there is no such user yet"
def dockerfile(base, port, user):
    """Changes to a user who is made later."""
    return f"""
FROM {base}
WORKDIR /course
COPY requirements.txt ./
RUN pip install --root-user-action=ignore -r requirements.txt
COPY . .
USER {user}
RUN useradd {user}
EXPOSE {port}
CMD ["jupyter", "lab", "--ip", "0.0.0.0", "--port", "{port}"]
"""


# %% replaces="step2" hint="The container runs as root"
def dockerfile(base, port, user):
    """Never leaves root."""
    return f"""
FROM {base}
WORKDIR /course
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . /course
EXPOSE {port}
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port={port}", "--allow-root"]
"""


# %% replaces="step2" hint="Jupyter listens to the container only"
def dockerfile(base, port, user):
    """Listens on the loopback address of the container."""
    return f"""
FROM {base}
RUN useradd -m {user}
WORKDIR /course
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . /course
USER {user}
EXPOSE {port}
CMD ["jupyter", "lab", "--ip=127.0.0.1", "--port={port}"]
"""


# %% replaces="step2" hint="requirements.txt is not there yet"
def dockerfile(base, port, user):
    """Installs before anything was copied."""
    return f"""
FROM {base}
WORKDIR /course
RUN pip install -r requirements.txt
COPY . .
CMD ["jupyter", "lab"]
"""


# %% replaces="step3" hint="bad containers"
def problems(report):
    """Looks at the user and at privileges only."""
    found = []
    if report.get("Config", {}).get("User") in ("", "root"):
        found.append("root")
    if report.get("HostConfig", {}).get("Privileged"):
        found.append("privileged")
    return found


# %% replaces="step3" hint="nothing is wrong with this one"
def problems(report):
    """Takes one good container for the only one."""
    return [] if report == GOOD else ["It differs from the good one."]
