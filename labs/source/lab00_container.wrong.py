# %% replaces="step1" hint="Everybody on the network can reach your notebooks!" means_zh="容器的連接埠開給整個網路，不只這台電腦" means_en="Publishes the port to the whole network, not to this computer alone" repeat="00:6"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder]


def run_command(engine, tag, course, data, port, gpu):
    """Publishes the port on all addresses."""
    return [engine, "run", "--rm", "-p", f"{port}:8888", "-v", f"{course}:/course", "-v", f"{data}:/data:ro",
            *(["--gpus", "all"] if gpu else []), tag]


# %% replaces="step1" hint="no quotes, and no spaces around them" means_zh="以為引數裡要像在終端機一樣加引號" means_en="Quotes arguments as if a shell read them" repeat="00:6"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder]


def run_command(engine, tag, course, data, port, gpu):
    """Puts quotes around folders, as for a shell."""
    return [engine, "run", "--rm", "-p", f"127.0.0.1:{port}:8888", "-v", f'"{course}":/course', "-v", f'"{data}":/data:ro',
            *(["--gpus", "all"] if gpu else []), tag]


# %% replaces="step1" hint="/data read-only" means_zh="資料掛載成可以寫入，或課程掛載成唯讀" means_en="Mounts the data writable, or the course read-only" repeat="00:6"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder]


def run_command(engine, tag, course, data, port, gpu):
    """Mounts the data so that it can be written."""
    return [engine, "run", "--rm", "-p", f"127.0.0.1:{port}:8888", "-v", f"{course}:/course", "-v", f"{data}:/data",
            *(["--gpus", "all"] if gpu else []), tag]


# %% replaces="step1" hint="Options stand in front of the name of the image" means_zh="選項寫到映像檔名稱後面去了" means_en="Writes options behind the name of the image" repeat="00:6"
def build_command(engine, tag, folder, gpu):
    return [engine, "build", "-t", tag, *(["--build-arg", "GPU=1"] if gpu else []), folder, "--no-such-option"]


def run_command(engine, tag, course, data, port, gpu):
    return [engine, "run", tag]


# %% replaces="step2" hint="too much was copied before the installation" means_zh="先複製全部再安裝，改一行就要重裝" means_en="Copies everything before the installation, so that every change installs again" repeat="00:6"
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


# %% replaces="step2" hint="there is no such user yet" means_zh="還沒建立使用者就換過去" means_en="Changes to a user who does not exist yet" repeat="00:6"
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


# %% replaces="step2" hint="The container runs as root" means_zh="容器用 root 執行" means_en="Leaves the container running as root" repeat="00:6"
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


# %% replaces="step2" hint="Jupyter listens to the container only" means_zh="Jupyter 只聽容器自己，外面連不進來" means_en="Has Jupyter listen to the container alone, where nobody can reach it" repeat="00:6"
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


# %% replaces="step2" hint="requirements.txt is not there yet" means_zh="安裝的時候 requirements.txt 還沒複製進去" means_en="Installs before requirements.txt was copied" repeat="00:6"
def dockerfile(base, port, user):
    """Installs before anything was copied."""
    return f"""
FROM {base}
WORKDIR /course
RUN pip install -r requirements.txt
COPY . .
CMD ["jupyter", "lab"]
"""


# %% replaces="step3" hint="bad containers" means_zh="只檢查一兩個問題，漏掉其他有毛病的設定" means_en="Looks for one or two faults and misses the others" repeat="00:6"
def problems(report):
    """Looks at the user and at privileges only."""
    found = []
    if report.get("Config", {}).get("User") in ("", "root"):
        found.append("root")
    if report.get("HostConfig", {}).get("Privileged"):
        found.append("privileged")
    return found


# %% replaces="step3" hint="nothing is wrong with this one" means_zh="把不一樣的好容器當成壞的" means_en="Takes every container that differs for a bad one" repeat="00:6"
def problems(report):
    """Takes one good container for the only one."""
    return [] if report == GOOD else ["It differs from the good one."]
