# %% [markdown]
# # 練習 00：容器：建立、執行、掛載資料 · Lab 00: The container: build it, run it, mount data
#
# 投影片的最後一個實驗：把整門課裝進一個容器，在哪一台電腦都一樣。這一次由程式檢查，它會真的解讀你的參數，逐步演練 `Dockerfile`。
#
# 目標：寫出建立和執行容器的命令、寫一個 `Dockerfile`，再寫一個替容器做健康檢查的程式。電腦上沒有 Docker 也能做完；有的話，最後可以真的跑一次。
#
# The last lab of the slides: the whole course in a container, the same on every computer. This time a program checks it: it reads your
# options as an engine would, and walks through your `Dockerfile` step by step.
#
# Goal: write the commands that build and run a container, write a `Dockerfile`, then a program that examines a container. You can do all
# this without Docker; if you have it, you can really run everything at the end.
#
# ⏱ 約 60 分鐘 · about 60 minutes
#
# | | |
# |---|---|
# | 先上過 · You need | 第 [00](../notebooks/00_welcome.ipynb) 課步驟 6「容器實驗，用說的」 · lesson [00](../notebooks/00_welcome.ipynb), step 6, the container lab in words |
# | 資料 · Data | 不用；Docker 或 Podman 有更好 · none; Docker or Podman if you have it |
#
# | 步驟 · Step | 做什麼 · What to do | 分數 · Points |
# |---|---|---|
# | 1 | 建立和執行的命令 · the commands that build and run | 3 |
# | 2 | 一個好的 `Dockerfile` · a good `Dockerfile` | 3 |
# | 3 | 開放題：找出容器哪裡不安全 · open: find out what is unsafe about a container | 4 |
#
# 只改寫著 `raise NotImplementedError` 的地方。改完一格，執行它和下面那一格檢查。
#
# Change only what says `raise NotImplementedError`. After each change run that cell and the check below it.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import argparse
import copy
import fnmatch
import json
import posixpath
import re
import shlex
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

from utils.notebook import checks


def need(condition, hint):
    """Stop with a hint unless a condition holds."""
    if not condition:
        raise checks.CheckFailed(hint)


# %% [markdown]
# ## 步驟 1：建立和執行（3 分） · Step 1: Build and run (3 points)
#
# 在終端機裡，建立映像檔、執行容器大概是這樣：
#
# In a terminal, building an image and running a container look about like this:
#
# ```sh
# docker build --tag course:cpu /home/mei/course
# docker run … course:cpu
# ```
#
# 選項寫在映像檔名稱的前面。 Options stand in front of the name of the image.
#
# | 選項 · Option | 作用 · What it does |
# |---|---|
# | `--build-arg NAME=value`（build） | 建立時的參數 · an argument for building |
# | `--rm` | 停了就刪除容器 · remove the container when it stops |
# | `-p HOST:CONTAINER` | 電腦的連接埠接到容器的 · connect a port of the computer to one of the container |
# | `-v FOLDER:PLACE` | 電腦的資料夾掛在容器的某個位置 · mount a folder of the computer at a place in the container |
# | `--gpus all` | 給容器全部的 GPU · give the container all GPUs |
#
# 你的兩個函式要傳回 Python 的字串串列，例如 `["docker", "build", …]`。串列不經過 shell，所以資料夾名稱裡有空格也不用加引號。要求：
# - `gpu` 是 True 時，建立時給參數（build argument）`GPU=1`，執行時給容器全部的 GPU；False 時都不要給；
# - 容器停了就自動刪除（`--rm`）；
# - 容器裡的 8888 連接埠，接到這台電腦的 `port`，而且**只有這台電腦**連得到；
# - `course` 資料夾掛在 `/course`，可以寫；`data` 資料夾掛在 `/data`，只能讀。
#
# Your two functions return lists of strings, such as `["docker", "build", …]`. A list does not pass through a shell, so a folder with a space
# in its name needs no quotes. The wishes:
# - if `gpu` is True, building gets the build argument `GPU=1` and running gets all GPUs; if False, neither;
# - a container that stops is removed by itself (`--rm`);
# - port 8888 of the container is connected to `port` of this computer, and **this computer alone** can reach it;
# - the folder `course` is mounted on `/course` and can be written, `data` on `/data` and can only be read.
#
# <details><summary>💡 提示 1 · Hint 1</summary>
#
# `-p 9000:8888` 等於 `-p 0.0.0.0:9000:8888`：同一個 Wi-Fi 的人都連得到。冒號前面還可以再寫一個位址。`-v` 的最後也可以再加一個冒號和選項。
#
# `-p 9000:8888` is the same as `-p 0.0.0.0:9000:8888`: everybody on the Wi-Fi can connect. The address in front may be another. And `-v` may end in
# one more colon and an option.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_command(engine, tag, folder, gpu):
    """Return the command that builds the image.

    Args:
        engine: "docker" or "podman".
        tag: name of the image, such as "course:cpu".
        folder: absolute path of the folder that holds the Dockerfile.
        gpu: whether to build the variant for GPUs.

    Returns:
        A list of strings.
    """
    ### BEGIN SOLUTION
    options = ["--build-arg", "GPU=1"] if gpu else []
    return [engine, "build", "--tag", tag, *options, folder]
    ### END SOLUTION


def run_command(engine, tag, course, data, port, gpu):
    """Return the command that runs a container.

    Args:
        engine: "docker" or "podman".
        tag: name of the image.
        course: absolute path of the folder with the course, for /course.
        data: absolute path of the folder with the data, for /data, read-only.
        port: of this computer, a number.
        gpu: whether the container gets all GPUs.

    Returns:
        A list of strings.
    """
    ### BEGIN SOLUTION
    options = ["--gpus", "all"] if gpu else []
    return [
        engine, "run", "--rm", "--publish", f"127.0.0.1:{port}:8888", "--volume", f"{course}:/course",
        "--volume", f"{data}:/data:ro", *options, tag,
    ]
    ### END SOLUTION


# %% jupyter={"source_hidden": true} nbgrader={"grade": false, "grade_id": "engine_options", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Options(argparse.ArgumentParser):
    """Reads a command as an engine would; complains with a hint."""

    def error(self, message):
        raise checks.CheckFailed(
            f"引擎看不懂這個命令（{message}）。選項要寫在映像檔名稱的前面。 / "
            f"The engine cannot read this command ({message}). Options stand in front of the name of the image.")


def options(*flags, **kinds):
    """Make a parser: `flags` take no value, `kinds["many"]` can be given again, `kinds["one"]` take a value once."""
    parser = Options(add_help=False, allow_abbrev=False)
    for names in flags:
        parser.add_argument(*names.split(), action="store_true")
    for names in kinds["many"]:
        parser.add_argument(*names.split(), action="append", default=[])
    for names in kinds["one"]:
        parser.add_argument(*names.split())
    return parser


def read_command(command, engine, verb):
    """Check that a command is a list of strings that begins rightly; return what follows."""
    need(isinstance(command, list | tuple) and all(isinstance(word, str) for word in command),
         "要傳回字串的串列，例如 [\"docker\", \"build\"]；數字也要變成字串。 / "
         "Return a list of strings, such as [\"docker\", \"build\"]; numbers must become strings, too.")
    need(list(command[:2]) == [engine, verb],
         f"命令的前兩個字應該是 {engine} 和 {verb}。 / The first two words should be {engine} and {verb}.")
    need(not any("'" in word or '"' in word or word != word.strip() for word in command),
         "串列裡的字不經過 shell：不要加引號，前後也不要有空格。 / Words of a list do not pass through a shell: no quotes, and no spaces around them.")
    return list(command[2:])


def read_build(command, engine):
    """Return the options of a build command."""
    words = read_command(command, engine, "build")
    parser = options("--no-cache", "--pull", "-q --quiet", many=["-t --tag", "--build-arg", "--secret", "--label"],
                     one=["-f --file", "--progress", "--network", "--platform", "--format", "--target"])
    parser.add_argument("context")
    return parser.parse_args(words)


def read_run(command, engine):
    """Return the options of a run command, with `ports` and `mounts` taken apart."""
    words = read_command(command, engine, "run")
    parser = options(
        "-d --detach", "-i --interactive", "-t --tty", "--rm", "--privileged", "--read-only", "--init", "-P --publish-all",
        many=["-p --publish", "-v --volume", "--mount", "-e --env", "--tmpfs", "--cap-drop", "--cap-add", "--security-opt", "--device", "-l --label"],
        one=["--name", "-u --user", "-w --workdir", "-m --memory", "--cpus", "--gpus", "--network --net", "--shm-size", "--restart",
             "-h --hostname", "--entrypoint", "--pull", "--platform", "--cidfile", "--env-file", "--userns"])
    parser.add_argument("image")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    found = parser.parse_args(words)
    found.ports = []
    for published in found.publish:  # [address:][port:]port[/tcp]
        address, _, rest = published.removesuffix("/tcp").rpartition("]:") if "[" in published else ("", "", published.removesuffix("/tcp"))
        parts = rest.split(":")
        address = address.strip("[") or (parts[0] if len(parts) == 3 else "")
        found.ports.append((address, parts[-2] if len(parts) > 1 else "", parts[-1]))
    found.mounts = {}
    for volume in found.volume:
        match = re.fullmatch(r"(.+?):(/[^:]*)(?::([^:]*))?", volume)
        if not match:
            parser.error(f"-v {volume}")
        found.mounts[match[2].rstrip("/")] = match[1], "ro" in (match[3] or "").split(",")
    for mount in found.mount:
        parts = dict((part.split("=", 1) + ["true"])[:2] for part in mount.split(","))
        target = parts.get("target") or parts.get("destination") or parts.get("dst") or parser.error(f"--mount {mount}")
        read_only = parts.get("readonly", parts.get("ro", "false")).lower() in ("true", "1")
        found.mounts[target.rstrip("/")] = parts.get("source") or parts.get("src"), read_only
    return found


# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_step_1(engine, tag, course, data, port, gpu):
    """Check both commands for one set of wishes."""
    build = read_build(build_command(engine, tag, course, gpu), engine)
    need(build.tag == [tag] and build.context == course,
         "build 的映像檔名稱或資料夾不對。 / The image's name or the folder to build is wrong.")
    need(dict(argument.partition("=")[::2] for argument in build.build_arg).get("GPU", "") == ("1" if gpu else ""),
         f"gpu 是 {gpu} 的時候，build 的 GPU 參數不對。 / With gpu={gpu}, the build argument GPU is wrong.")
    checks.that(True, f"{tag}：建立的命令 / the command that builds", "build")

    run = read_run(run_command(engine, tag, course, data, port, gpu), engine)
    need(run.image == tag and run.rm,
         "run 的映像檔不對，或容器停了不會自動刪除。 / The image of run is wrong, or the container is not removed when it stops.")
    need(bool(run.gpus or run.device) == gpu and run.gpus in (None, "all"),
         f"gpu 是 {gpu} 的時候，run 的 GPU 選項不對。 / With gpu={gpu}, the GPU option of run is wrong.")
    need(not run.privileged and not run.cap_add, "不需要 --privileged，也不需要多給權限。 / It needs no --privileged and no added powers.")
    checks.that(True, f"{tag}：映像檔、刪除、GPU / image, removal, GPU", "run")

    need(any(container == "8888" for _, _, container in run.ports) and not run.publish_all,
         "容器的 8888 沒有接出來。寫的順序是：電腦的在前，容器的在後。 / "
         "Port 8888 of the container is not connected. This computer's port comes first, the container's last.")
    need(all(host == str(port) for _, host, _ in run.ports),
         f"沒有接到這台電腦的 {port}。 / It is not connected to port {port} of this computer.")
    need(all(address in ("127.0.0.1", "::1") for address, _, _ in run.ports) and run.network != "host",
         "同一個網路裡的任何人都連得到你的筆記本！連接埠要綁在哪一個位址？看提示 1。 / "
         "Everybody on the network can reach your notebooks! To which address should the port be bound? See hint 1.")
    checks.that(True, f"{tag}：連接埠 {port}，只有這台電腦連得到 / port {port}, for this computer alone", "port")

    need(set(run.mounts) >= {"/course", "/data"},
         "/course 和 /data 都要掛載；少了掛載，容器一刪，作業就不見了。 / Mount both /course and /data: without that your work goes when the container goes.")
    need((run.mounts["/course"][0], run.mounts["/data"][0]) == (course, data),
         "掛上去的不是要的資料夾：電腦的資料夾在前，容器的在後，用完整的路徑。 / "
         "The folders mounted are the wrong ones: this computer's folder comes first, the container's second; use the whole path.")
    need((run.mounts["/course"][1], run.mounts["/data"][1]) == (False, True),
         "/course 要能寫（不然作業存不了），/data 要唯讀（不然會不小心改到資料）。 / "
         "/course must be writable (or you cannot save), /data read-only (or the data may be changed by accident).")
    checks.that(True, f"{tag}：掛載 /course 和 /data / /course and /data are mounted", "mounts")


check_step_1("docker", "course:cpu", "/home/mei/course", "/home/mei/data", 8888, gpu=False)
check_step_1("podman", "course:gpu", "/home/mei/my course", "/mnt/big disk/data", 9000, gpu=True)

### BEGIN HIDDEN TESTS
check_step_1("docker", "registry.example.org/dl/course:2025", "/srv/a/b", "/srv/c", 18888, gpu=True)
check_step_1("podman", "x", "/c o u r s e", "/d", 1024, gpu=False)
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 2：一個好的 Dockerfile（3 分） · Step 2: A good Dockerfile (3 points)
#
# 引擎把每一步的結果存成一層。某一步讀的檔案沒變，就用存好的那一層；**變了，那一步和後面的每一步都要重做**。所以順序很重要：改一本筆記本，不應該重新安裝
# 幾百 MB 的套件。
#
# | 指令 · Instruction | 作用 · What it does |
# |---|---|
# | `FROM image` | 從哪個映像檔開始 · the image to start from |
# | `WORKDIR /folder` | 之後的步驟在哪個資料夾進行 · the folder in which later steps work |
# | `COPY source target` | 把資料夾裡的檔案放進映像檔；`COPY . .` 是全部 · put files into the image; `COPY . .` takes all |
# | `RUN command` | 建立時執行的命令，例如 `pip install -r FILE`、`useradd --create-home NAME` · a command run while building |
# | `USER name` | 之後用誰的身分 · who runs what follows |
# | `EXPOSE port` | 宣告連接埠 · declare a port |
# | `CMD ["program", "argument"]` | 容器啟動時執行什麼；這是 JSON 形式，不經過 shell · what a container starts; this is the JSON form, without a shell |
#
# 你的函式傳回 `Dockerfile` 的文字。資料夾裡有 `requirements.txt`、`utils/`、`notebooks/`。要求：
# - 從 `base` 開始（名稱裡已經有固定的版本）；
# - 用 pip 安裝 `requirements.txt` 裡的套件，整個資料夾放進 `/course`；
# - 改筆記本不必重裝套件；改 `requirements.txt` 就要重裝；
# - 最後的使用者是 `user`，不是 root；這個使用者要先建立；
# - 宣告連接埠 `port`，並用 JSON 形式的 `CMD` 直接啟動 `jupyter lab`，監聽所有位址的 `port`；不可以關掉密碼（token）。
#
# An engine keeps the result of each step as a layer. If the files that a step reads are unchanged, it takes the layer it has; **if they changed,
# this step and all after it are done again**. So order matters: editing a notebook should not install hundreds of megabytes again.
#
# Your function returns the text of a `Dockerfile`. The folder holds `requirements.txt`, `utils/` and `notebooks/`. The wishes:
# - it starts from `base` (whose name already has a fixed version);
# - pip installs what `requirements.txt` lists, and the whole folder goes to `/course`;
# - editing a notebook does not install again; editing `requirements.txt` does;
# - the user in the end is `user`, not root, and is created before;
# - it declares the port `port`, and a `CMD` in JSON form starts `jupyter lab` itself, listening on `port` at all addresses; the password (token)
#   is not turned off.
#
# <details><summary>💡 提示 2 · Hint 2</summary>
#
# 容器裡的 127.0.0.1 是容器自己，從外面連不到：容器裡要聽 0.0.0.0，「只給這台電腦」是 `docker run -p` 的事。複製檔案可以分兩次：先複製很少變的。
#
# Inside a container 127.0.0.1 is the container itself, and nobody gets in from outside: listen on 0.0.0.0 there; "this computer alone" is the
# business of `docker run -p`. Files can be copied in two goes: first what rarely changes.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dockerfile(base, port, user):
    """Return the text of a Dockerfile.

    Args:
        base: image to start from, such as "python:3.11-slim-bookworm". It has pip, and useradd.
        port: where JupyterLab listens, a number.
        user: name of the user who runs it.

    Returns:
        A string of several lines.
    """
    ### BEGIN SOLUTION
    return f"""
FROM {base}
RUN useradd --create-home {user}
WORKDIR /course
COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt
COPY --chown={user} . .
USER {user}
EXPOSE {port}
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port={port}", "--no-browser"]
"""
    ### END SOLUTION


# %% jupyter={"source_hidden": true} nbgrader={"grade": false, "grade_id": "builder", "locked": true, "schema_version": 3, "solution": false, "task": false}
FILES = ("requirements.txt", "utils/notebook/profile.py", "notebooks/04_hello.ipynb", "README.md")  # of the folder that is built


def instructions(text):
    """Yield (instruction, options, arguments) of a Dockerfile; variables are put in."""
    need(isinstance(text, str) and text.strip(), "要傳回 Dockerfile 的文字（一個字串）。 / Return the text of the Dockerfile, a string.")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    variables = {}
    for line in re.sub(r"\\[ \t]*\n", " ", "\n".join(lines)).splitlines():
        name, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if name.upper() not in ("CMD", "ENTRYPOINT"):  # in JSON form nothing puts variables in
            rest = re.sub(r"\$\{?(\w+)\}?", lambda match: variables.get(match[1], match[0]), rest)
        flags = {}
        while flag := re.match(r"--([\w-]+)(?:=(\S+))?\s+", rest):
            flags.setdefault(flag[1], []).append(flag[2] or "")
            rest = rest[flag.end():]
        if name.upper() in ("ARG", "ENV"):
            pairs = re.findall(r'(\w+)=("[^"]*"|\S*)', rest)
            variables.update({key: value.strip('"') for key, value in pairs})
        yield name.upper(), flags, rest


def words_of(rest):
    """Return the arguments of an instruction and whether they are in JSON form."""
    try:
        listed = json.loads(rest)
        return ([str(word) for word in listed], True) if isinstance(listed, list) else (shlex.split(rest), False)
    except json.JSONDecodeError:
        return shlex.split(rest.replace("\\", "/")), False


def copied(sources, target, workdir, image):
    """Return {path in the image: file of the folder} of a COPY."""
    place = posixpath.normpath(posixpath.join(workdir, target))
    is_folder = target.endswith(("/", ".")) or len(sources) > 1 or place == workdir or any(path.startswith(place + "/") for path in image)
    found = {}
    for source in sources:
        pattern = posixpath.normpath(source).removeprefix("/") or "."
        for name in FILES:
            if pattern == "." or name.startswith(pattern + "/"):
                found[posixpath.join(place, name if pattern == "." else name.removeprefix(pattern + "/"))] = name
            elif fnmatch.fnmatch(name, pattern) and name.count("/") == pattern.count("/"):
                found[posixpath.join(place, posixpath.basename(name)) if is_folder else place] = name
    need(found, f"COPY {' '.join(sources)}：資料夾裡沒有這個檔案。 / there is no such file in the folder.")
    return found


def rehearse(text):
    """Walk through a Dockerfile; return what it would make, or stop with a hint."""
    made = SimpleNamespace(base=None, image={}, users=set(), user="root", ports=set(), entrypoint=[], command=[], json=True, steps=[])
    workdir = "/"
    for name, flags, rest in instructions(text):
        reads = set()  # files of the folder on which this step depends
        if name == "FROM":
            made = SimpleNamespace(base=rest.split()[0], image={}, users=set(), user="root", ports=set(), entrypoint=[], command=[], json=True, steps=[])
            workdir = "/"
            continue
        if name == "ARG" and made.base is None:
            continue
        need(made.base is not None, "Dockerfile 的第一個指令應該是 FROM。 / The first instruction of a Dockerfile should be FROM.")
        if name == "WORKDIR":
            workdir = posixpath.normpath(posixpath.join(workdir, rest.strip('"')))
        elif name in ("COPY", "ADD") and "from" not in flags:
            *sources, target = words_of(rest)[0]
            new = copied(sources, target, workdir, made.image)
            made.image.update(new)
            reads = set(new.values())
        elif name == "RUN":
            mounted = {}
            for mount in flags.get("mount", []):
                parts = dict((part.split("=", 1) + [""])[:2] for part in mount.split(","))
                if parts.get("type") == "bind":
                    target = parts.get("target") or parts.get("dst") or workdir
                    mounted |= copied([parts.get("source") or parts.get("src") or "."], target, workdir, {})
            reads = set(mounted.values())
            for arguments in re.findall(r"(?:useradd|adduser)\s+([^&;|]*)", rest):
                made.users |= {word for word in arguments.split() if not word.startswith("-")}
            if install := re.search(r"pip3? install.*?\s(?:-r|--requirement)[ =]?(\S+)", rest):
                path = posixpath.normpath(posixpath.join(workdir, install[1].strip("'\"")))
                need((mounted | made.image).get(path) == "requirements.txt",
                     "執行 pip install 的時候，requirements.txt 還不在那裡：要先複製進去。 / "
                     "When pip install runs, requirements.txt is not there yet: copy it first.")
                made.steps.append(("install", set(reads)))
        elif name == "USER":
            made.user = rest.split(":")[0].strip('"')
            if made.user not in made.users | {"root", "0"}:
                raise checks.CheckFailed(f"USER {made.user}：這個使用者還不存在，要先用 RUN useradd 建立。 / USER {made.user}: there is no such user yet; create it before, by RUN useradd.")
        elif name == "EXPOSE":
            made.ports |= {port.split("/")[0] for port in rest.split()}
        elif name in ("CMD", "ENTRYPOINT"):
            words, is_json = words_of(rest)
            setattr(made, "command" if name == "CMD" else "entrypoint", words)
            made.json = made.json and is_json
        else:
            need(name in ("ARG", "ENV", "LABEL", "HEALTHCHECK", "SHELL", "STOPSIGNAL", "VOLUME", "COPY", "ADD"), f"{name} 不是 Dockerfile 的指令。 / {name} is no instruction of a Dockerfile.")
        made.steps.append((name, reads))
    need(made.base is not None, "Dockerfile 的第一個指令應該是 FROM。 / The first instruction of a Dockerfile should be FROM.")
    return made


def done_again(made, changed):
    """Return the names of the steps that are done again after one file has changed."""
    first = next((place for place, (_, reads) in enumerate(made.steps) if changed in reads), len(made.steps))
    return [name for name, _ in made.steps[first:]]


def option(words, *names):
    """Return the value of an option in a command line, as --name=value or --name value; None if it is not there."""
    for place, word in enumerate(words):
        for name in names:
            if word.startswith(f"--{name}="):
                return word.partition("=")[2]
            if word == f"--{name}" and place + 1 < len(words):
                return words[place + 1]
    return None


# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
def check_step_2(base, port, user):
    """Check the Dockerfile for one set of wishes."""
    made = rehearse(dockerfile(base, port, user))
    need(made.base == base, f"應該從 {base} 開始，你的是 {made.base}。 / It should start from {base}; yours starts from {made.base}.")
    need(set(made.image.values()) == set(FILES) and {f"/course/{name}" for name in FILES} <= set(made.image),
         "不是每個檔案都到了 /course 裡原來的位置。 / Not every file has arrived at its place in /course.")
    checks.that(
        "install" in [name for name, _ in made.steps], f"{base}：檔案和套件都在 / files and packages are there",
        "沒有用 pip 安裝 requirements.txt 裡的套件。 / Nothing installs what requirements.txt lists with pip.")
    need("install" in done_again(made, "requirements.txt"),
         "改了 requirements.txt，套件卻不會重裝。 / With a new requirements.txt nothing is installed again.")
    checks.that(
        "install" not in done_again(made, "notebooks/04_hello.ipynb") + done_again(made, "utils/notebook/profile.py"),
        f"{base}：改筆記本不必重裝 / editing a notebook installs nothing",
        "改一本筆記本，幾百 MB 的套件就要重裝：安裝之前，複製了太多東西。 / "
        "Editing a notebook installs hundreds of megabytes again: too much was copied before the installation.")
    need(made.user not in ("root", "0", ""), "容器會用 root 執行：任何程式錯誤都握有最大的權限。 / The container runs as root: any mistake has all power.")
    checks.that(
        made.user == user and user in made.users, f"{base}：使用者是 {user} / the user is {user}",
        f"最後的使用者應該是 {user}，而且要先用 RUN useradd 建立。 / The user in the end should be {user}, created before by RUN useradd.")
    words = made.entrypoint + made.command
    checks.that(
        any("jupyter" in word for word in words) and made.json and "lab" in " ".join(words), f"{base}：啟動 JupyterLab / it starts JupyterLab",
        "CMD 應該用 JSON 形式直接啟動 jupyter lab，這樣停止的訊號才傳得到。 / "
        "CMD should start jupyter lab itself, in JSON form, so that it gets the signal to stop.")
    need(option(words, "ip", "ServerApp.ip") in ("0.0.0.0", "*", "::"),
         "Jupyter 只聽容器自己，從外面連不到。看提示 2。 / Jupyter listens to the container only, so nobody gets in. See hint 2.")
    checks.that(
        str(port) in made.ports and (option(words, "port", "ServerApp.port") or "8888") == str(port),
        f"{base}：從外面連得到 {port} / port {port} can be reached from outside",
        f"宣告的連接埠和 Jupyter 聽的連接埠，都應該是 {port}。 / The port declared and the one that Jupyter listens on should both be {port}.")
    secrets = [option(words, f"{name}.{secret}") for name in ("IdentityProvider", "PasswordIdentityProvider", "ServerApp", "LabApp", "NotebookApp")
               for secret in ("token", "password", "hashed_password")]
    checks.that(
        not any(secret is not None and not secret.strip("'\"") for secret in secrets), f"{base}：密碼沒有關掉 / the password is not turned off",
        "沒有密碼的 Jupyter，等於把電腦交給任何連得到的人。 / Jupyter without a token gives the computer to anyone who can reach it.")


check_step_2("python:3.11-slim-bookworm", 8888, "student")
check_step_2("python:3.12-slim-bookworm", 9999, "mei")

### BEGIN HIDDEN TESTS
check_step_2("registry.example.org/base:7", 8080, "ta_1")
### END HIDDEN TESTS

# %% [markdown]
# ## 步驟 3：替容器做健康檢查（4 分） · Step 3: Examine a container (4 points)
#
# `docker inspect` 會說出一個容器的一切。下面的 `GOOD` 是它的一部分（真的還要長得多）。你來寫 `problems`：讀這份報告，傳回一串句子，說哪裡不對；都好就傳回空的串列。
#
# 一個好的容器：
# - 正在執行，沒有被判定不健康（unhealthy）；
# - 不是 root；沒有特權（privileged），沒有用主機的網路；
# - 每一個公開的連接埠都只綁在這台電腦（`127.0.0.1` 或 `::1`）；`HostIp` 是空字串，就是所有位址；
# - `/course` 掛了進來而且可以寫；`/data` 掛了進來而且唯讀；
# - 沒有掛載主機的 `/`，也沒有掛載引擎的 `docker.sock`（拿到它，就等於拿到整台電腦）；
# - 記憶體有上限（`Memory` 大於 0）。
#
# 評分：好的容器一個也不能冤枉；有毛病的，十個裡至少要抓到九個。報告裡有些欄位可能不存在。
#
# `docker inspect` tells everything about a container. `GOOD` below is a part of that (the real one is much longer). You write `problems`: it reads
# such a report and returns a list of sentences on what is wrong, an empty list if all is well.
#
# A good container
# - is running, and not found unhealthy;
# - is not root, not privileged, and does not use the host's network;
# - has every published port bound to this computer (`127.0.0.1` or `::1`); an empty `HostIp` means all addresses;
# - has `/course` mounted, writable, and `/data` mounted, read-only;
# - mounts neither the host's `/` nor the engine's `docker.sock` (who has that has the whole computer);
# - has a limit of memory (`Memory` above 0).
#
# The mark: no good container may be accused, and of the bad ones at least nine in ten must be caught. Some fields may be missing.
#
# <details><summary>💡 提示 3 · Hint 3</summary>
#
# 一項檢查寫一個小函式，或一個 `if`。用 `report.get("State", {})` 讀可能不存在的欄位。使用者可能寫成 `"1000:1000"`、`"0:0"`、`"root"`，空字串就是 root。
#
# Write a small function, or an `if`, for each point. Read fields that may be missing with `report.get("State", {})`. A user may be written `"1000:1000"`,
# `"0:0"` or `"root"`, and an empty string is root.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "reports", "locked": true, "schema_version": 3, "solution": false, "task": false}
GOOD = {
    "State": {"Running": True, "Health": {"Status": "healthy"}},
    "Config": {"User": "1000:1000", "Image": "course:cpu"},
    "HostConfig": {
        "Privileged": False, "NetworkMode": "bridge", "Memory": 4_000_000_000,
        "PortBindings": {"8888/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8888"}]},
    },
    "Mounts": [
        {"Type": "bind", "Source": "/home/mei/course", "Destination": "/course", "RW": True},
        {"Type": "bind", "Source": "/home/mei/data", "Destination": "/data", "RW": False},
    ],
}


def changed(path, value, report=GOOD):
    """Return a copy of a report with one value put in; `None` takes it away. The path is like "State/Running" or "Mounts/1/RW"."""
    report = copy.deepcopy(report)
    *way, last = [int(word) if word.isdecimal() else word for word in path.split("/")]
    place = report
    for word in way:
        place = place[word]
    if isinstance(place, list) and last == len(place):
        place.append(value)
    elif value is None:
        del place[last]
    else:
        place[last] = value
    return report


SOCKET = {"Type": "bind", "Source": "/var/run/docker.sock", "Destination": "/var/run/docker.sock", "RW": True}


# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def problems(report):
    """Say what is wrong with a container.

    Args:
        report: a dictionary like GOOD, with fields as `docker inspect` names them; there may be more of them, or fewer.

    Returns:
        A list of sentences, one for each problem; an empty list if all is well.
    """
    ### BEGIN SOLUTION
    found = []
    state, host = report.get("State") or {}, report.get("HostConfig") or {}
    if not state.get("Running"):
        found.append("It is not running.")
    if (state.get("Health") or {}).get("Status") == "unhealthy":
        found.append("Its health check fails.")
    user = ((report.get("Config") or {}).get("User") or "root").split(":")[0]
    if user in ("root", "0"):
        found.append("It runs as root.")
    if host.get("Privileged"):
        found.append("It is privileged.")
    if host.get("NetworkMode") == "host":
        found.append("It uses the network of the host.")
    for port, bindings in (host.get("PortBindings") or {}).items():
        for binding in bindings or []:
            if binding.get("HostIp") not in ("127.0.0.1", "::1"):
                found.append(f"Port {port} can be reached from other computers.")
    mounts = {mount.get("Destination", "").rstrip("/"): mount for mount in report.get("Mounts") or []}
    for place, writable in (("/course", True), ("/data", False)):
        if place not in mounts:
            found.append(f"{place} is not mounted.")
        elif bool(mounts[place].get("RW")) != writable:
            found.append(f"{place} should be {'writable' if writable else 'read-only'}.")
    for mount in mounts.values():
        source = mount.get("Source", "")
        if source == "/" or source.endswith("docker.sock"):
            found.append(f"It gets {source} of the host, and with it the whole computer.")
    if not host.get("Memory"):
        found.append("Its memory has no limit.")
    return found
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
def found_in(report):
    """Return what `problems` finds in a copy of a report."""
    answer = problems(copy.deepcopy(report))
    need(isinstance(answer, list) and all(isinstance(sentence, str) and sentence.strip() for sentence in answer),
         "要傳回字串的串列，沒有問題就傳回 []。 / Return a list of strings, [] if there is no problem.")
    return answer


def check_step_3(good, bad):
    """Check that no good report is accused and that nine of ten bad ones are caught."""
    for name, report in good.items():
        accused = found_in(report)
        checks.that(
            not accused, f"{name}：沒有冤枉 / not accused",
            f"{name}：這個容器沒有問題，你卻說「{'; '.join(accused)[:80]}」。 / nothing is wrong with this one, but you say so.")
    missed = [name for name, report in bad.items() if not found_in(report)]
    checks.that(
        len(missed) <= len(bad) / 10, f"{len(bad)} 個有毛病的，抓到 {len(bad) - len(missed)} 個 / {len(bad) - len(missed)} of {len(bad)} caught",
        f"{len(bad)} 個有毛病的容器，漏掉了 {len(missed)} 個，例如：{'、'.join(missed[:2])}。 / "
        f"Of {len(bad)} bad containers {len(missed)} were missed, for example: {', '.join(missed[:2])}.")


loopback = {"8888/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8888"}]}
check_step_3(
    good={
        "好的容器 / a good container": GOOD,
        "另一個連接埠、IPv6 / another port, IPv6": changed("HostConfig/PortBindings", loopback | {"6006/tcp": [{"HostIp": "::1", "HostPort": "6006"}]}),
        "沒有健康檢查 / no health check": changed("State/Health", None),
        "多一個掛載 / one more mount": changed("Mounts/2", {"Type": "volume", "Source": "/var/lib/docker/volumes/home", "Destination": "/home/student", "RW": True}),
    },
    bad={
        "停了 / stopped": changed("State/Running", False),
        "不健康 / unhealthy": changed("State/Health/Status", "unhealthy"),
        "root / root": changed("Config/User", "root"),
        "沒寫使用者 / no user": changed("Config/User", ""),
        "特權 / privileged": changed("HostConfig/Privileged", True),
        "主機的網路 / the host's network": changed("HostConfig/NetworkMode", "host"),
        "所有位址 / all addresses": changed("HostConfig/PortBindings", {"8888/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8888"}]}),
        "沒掛 /course / no /course": changed("Mounts/0", None),
        "/data 可以寫 / /data is writable": changed("Mounts/1/RW", True),
        "docker.sock / docker.sock": changed("Mounts/2", SOCKET),
        "記憶體沒有上限 / no limit of memory": changed("HostConfig/Memory", 0),
    })

### BEGIN HIDDEN TESTS
other = {"8888/tcp": [{"HostIp": "127.0.0.1", "HostPort": "9000"}]}
check_step_3(
    good={"名字當使用者 / a user by name": changed("HostConfig/PortBindings", other, changed("Config/User", "student")),
          "沒有公開連接埠 / no port published": changed("HostConfig/PortBindings", None),
          "正在啟動 / starting": changed("State/Health/Status", "starting")},
    bad={
        "0:0 / 0:0": changed("Config/User", "0:0"), "沒有 User / no field User": changed("Config/User", None),
        "空位址 / empty address": changed("HostConfig/PortBindings", {"8888/tcp": [{"HostIp": "", "HostPort": "8888"}]}),
        "第二個連接埠 / the second port": changed("HostConfig/PortBindings", loopback | {"6006/tcp": [{"HostIp": "192.168.0.7", "HostPort": "1"}]}),
        "沒掛 /data / no /data": changed("Mounts/1", None), "/course 唯讀 / /course read-only": changed("Mounts/0/RW", False),
        "主機的 / / the host's root": changed("Mounts/2", {"Type": "bind", "Source": "/", "Destination": "/host", "RW": True}),
        "沒有 State / no field State": changed("State", None), "沒有 Memory / no field Memory": changed("HostConfig/Memory", None),
        "socket 換了位置 / the socket elsewhere": changed("Mounts/2", SOCKET | {"Destination": "/x", "Source": "/run/docker.sock"}),
    })
### END HIDDEN TESTS

# %% [markdown]
# ## 真的跑一次（不計分） · Really run it (no points)
#
# 電腦上有 Docker 或 Podman，而且引擎正在執行？在最下面加一格，執行 `really_run("docker")`。它用**你的**兩個命令建立這門課的映像檔、啟動容器，等 Jupyter 回答，
# 在容器裡看看 `/course`，再把 `docker inspect` 的報告交給**你的** `problems`。第一次建立要下載幾百 MB，請等幾分鐘。
#
# 🤔 你的 `problems` 抱怨了什麼？步驟 1 的命令沒有要求的，要不要加上去？
#
# Do you have Docker or Podman, and is its engine running? Add a cell at the very end with `really_run("docker")`. It builds the course's image and
# starts a container with **your** two commands, waits for Jupyter to answer, looks at `/course` inside, and hands the report of `docker inspect` to
# **your** `problems`. The first build downloads hundreds of megabytes; give it some minutes.
#
# 🤔 What does your `problems` complain about? Step 1 did not ask for everything: should your command say more?

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 照步驟 1 寫的命令，通常只有一句：記憶體沒有上限。使用者是映像檔自己的 1000 號，不是 root；連接埠和掛載都照步驟 1 寫好了。要不要加？要：`--memory 4g` 讓一個失控的訓練最多停掉自己，不會拖垮整台電腦。
#
# 以為「照題目寫的命令，就沒什麼好抱怨」的人，把「能用」和「安全」當成同一件事：步驟 1 要它能用，你的清單問的是出事的時候會怎樣。如果它抱怨了別的，那一句會告訴你該看哪個選項。
#
# With a command as step 1 asks for, usually one thing: its memory has no limit. The user is number 1000, which the image names, and not root; port and mounts are as step 1 wants them. Should
# the command say more? Yes: with `--memory 4g` a training that runs wild ends itself at worst, and not the whole computer.
#
# Who thought that a command written to order leaves nothing to complain about took "it works" for "it is safe": step 1 wants it to work, and your list asks what happens when something
# goes wrong. If it complains about something else, that sentence names the option to look at.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "really_run", "locked": true, "schema_version": 3, "solution": false, "task": false}
def really_run(engine="docker", tag="lab00:cpu", port=8899, patience=180):
    """Build and run the course with the commands of step 1 and examine the container with step 3.

    Args:
        engine: "docker" or "podman", installed and running.
        tag: name that the image gets.
        port: of this computer, free.
        patience: seconds to wait for Jupyter.
    """

    def call(*command):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{shlex.join(command)}\n{done.stderr.strip()[-1500:]}")
        return done.stdout.strip()

    if not shutil.which(engine):
        print(f"這台電腦沒有 {engine}。 / There is no {engine} on this computer.")
        return
    course = Path.cwd().resolve()
    course = next(folder for folder in (course, *course.parents) if (folder / "Dockerfile").is_file())
    print(engine, call(engine, "version", "--format", "{{.Client.Version}}"))
    print("building; the first time this takes minutes")
    call(*build_command(engine, tag, str(course), False))
    name, verb, *rest = run_command(engine, tag, str(course), str(course / "data" / "cache"), port, False)
    container = call(name, verb, "--detach", *rest).splitlines()[-1]
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5) as answer:
                    print("Jupyter answers:", json.load(answer))
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"No answer after {patience} s ({error}).\n{call(engine, 'logs', container)[-1500:]}") from None
                time.sleep(1)
        print("in /course:", call(engine, "exec", container, "ls", "/course").split())
        for sentence in problems(json.loads(call(engine, "inspect", container))[0]) or ["no problem"]:
            print("-", sentence)
    finally:
        call(engine, "stop", container)


# %% [markdown]
# ## 檢查與想一想 · Check, and think further
#
# 在終端機執行 `make check-lab LAB=00`，看看哪幾步過了。
#
# 🤔 打開這門課的 `Dockerfile` 和 `docker/compose.yaml`，用你的清單檢查它們。它為什麼不用 root，又為什麼讓任何使用者都能執行？（提示：掛進來的資料夾是誰的？）
#
# Run `make check-lab LAB=00` in a terminal to see which steps pass.
#
# 🤔 Open the course's own `Dockerfile` and `docker/compose.yaml` and go through them with your list. Why does it not run as root,
# and why may any user run it? (Hint: who owns the folder that is mounted?)

# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 用 root 存的檔案是 root 的，你在自己的電腦上就改不了、刪不掉；而且容器裡的程式萬一逃出來，就是 root。所以 `Dockerfile` 最後是 `USER 1000:1000`。但你在電腦上不一定是 1000 號，所以 Compose 的 `user:` 讓你填自己的編號，`/data` 和家目錄也因此誰都能寫。
#
# 你的清單對 `compose.yaml` 會說兩件事：`/data` 可以寫（課程要把抓下來的資料放進去），記憶體沒有上限。清單是給人想的，不是照單全收：第一件有理由，第二件值得改。回答「容器反正和電腦隔開，root 也沒關係」的人忘了：掛進來的資料夾沒有隔開。
#
# What root saves belongs to root, and you can neither change nor delete it on your own computer; and should a program escape from the container, it is root. So the `Dockerfile` ends
# in `USER 1000:1000`. But you need not be number 1000 on your computer: `user:` in the Compose file takes your own number, and that is why anybody may write in `/data` and in the home
# folder.
#
# Your list says two things about `compose.yaml`: `/data` can be written (the course keeps there what it fetches), and memory has no limit. A list is there to make you think: the first has
# its reason, the second is worth mending. Who said that root does no harm, as a container is apart from the computer anyway, forgot that a folder that is mounted is not apart.
#
# </details>

# %% [markdown]
# 參考資料 · References：[Docker：docker run](https://docs.docker.com/reference/cli/docker/container/run/)、
# [Dockerfile](https://docs.docker.com/reference/dockerfile/)、[建立的快取 · build cache](https://docs.docker.com/build/cache/)
