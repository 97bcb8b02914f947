"""The checks of `make doctor` but for the GPU: each asks a machine and returns one finding."""

import json
import os
import re

from tools.machine.bootstrap import GIBIBYTES_NEEDED, NEWEST, OLDEST
from tools.machine.doctor_machine import Machine
from tools.machine.findings import NOTE, OK, PROBLEM, Finding, Text
from tools.machine.ports import FIRST_PORT as PORT

GB = 1e9
MEMORY_FOR_A_LESSON = 3 * GB
DISK_FOR_PACKAGES, DISK_FOR_DATA = GIBIBYTES_NEEDED["cpu"] * 2**30, 1 * GB
UNLIMITED = 1 << 60  # a limit of this size is none: how version 1 of control groups writes it


def python(machine: Machine) -> Finding:
    """The version of Python."""
    about, version = Text("Python 版本", "Python version"), ".".join(map(str, machine.python_version))
    if OLDEST <= machine.python_version[:2] <= NEWEST:
        return Finding(about, OK, Text(version, version))
    return Finding(
        about, PROBLEM,
        Text(f"這是 Python {version}；課程需要 3.11 到 3.13。", f"This is Python {version}; the course needs 3.11 to 3.13."),
        "sudo apt install python3 python3-venv   (Debian, Ubuntu; macOS, Windows: python.org)\nmake start PYTHON=python3.12",
    )  # fmt: skip


def _install_first(about: Text) -> Finding:
    return Finding(about, NOTE, Text("套件裝好之後才查得到。", "Can be looked at once the packages are installed."))


def packages(machine: Machine) -> Finding:
    """The installed packages."""
    about = Text("套件", "Packages")
    try:
        wrong = machine.packages_that_differ()
    except ImportError as error:
        return Finding(
            about, PROBLEM,
            Text(f"課程的套件還沒安裝（找不到 {error.name}）。",
                 f"The course's packages are not installed ({error.name} is not found)."),
            "make start",
        )  # fmt: skip
    if not wrong:
        return Finding(about, OK, Text("和 requirements.txt 一致", "as in requirements.txt"))
    words = ", ".join(f"{one.package} {one.found or '(missing)'}" for one in wrong[:5]) + (" ..." if len(wrong) > 5 else "")
    return Finding(
        about, PROBLEM,
        Text(f"有 {len(wrong)} 個套件和 requirements.txt 不同：{words}",
             f"{len(wrong)} packages are not as in requirements.txt: {words}"),
        "make start\nmake clean start   (if that does not help)",
    )  # fmt: skip


def kernel(machine: Machine) -> Finding:
    """The kernel that notebooks start."""
    about = Text("Jupyter 核心", "Jupyter kernel")
    if machine.version("ipykernel") is None:
        return _install_first(about)
    path = machine.python_prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    again = f"{machine.python} -m utils.notebook.kernel --install"
    try:
        command = json.loads(machine.read(path))["argv"]
    except (ValueError, KeyError):
        return Finding(
            about, PROBLEM,
            Text(f"課程的核心沒有登記（{path}）。", f"The course's kernel is not registered ({path})."), again,
        )  # fmt: skip
    if not machine.exists(command[0]):
        return Finding(
            about, PROBLEM,
            Text(f"核心指到的 Python 已經不在了：{command[0]}。資料夾搬過家嗎？",
                 f"The kernel names a Python that is gone: {command[0]}. Was the folder moved?"),
            "make clean start",
        )  # fmt: skip
    if "utils.notebook.kernel" not in command:
        return Finding(
            about, PROBLEM,
            Text("登記的是別的核心，不是課程的。", "Another kernel is registered in place of the course's."), again,
        )  # fmt: skip
    return Finding(about, OK, Text("已登記", "registered"))


def port(machine: Machine) -> Finding:
    """The port that JupyterLab takes."""
    about = Text("連接埠", "Port")
    if machine.port_is_free(PORT):
        return Finding(about, OK, Text(f"{PORT} 可用", f"{PORT} is free"))
    return Finding(
        about, NOTE,
        Text(f"{PORT} 被占用，可能是還開著的 JupyterLab。make start 會自動換下一個；容器要自己指定。",
             f"{PORT} is taken, perhaps by a JupyterLab that still runs. make start takes the next one; a container has to be told."),
        "jupyter server list   (shows what runs; jupyter server stop 8888 ends it)\n"
        "make start PORT=8890   or   make start-container PORT=8890",
    )  # fmt: skip


def folders(machine: Machine) -> Finding:
    """Whether this user may write where lessons write."""
    about = Text("資料夾的權限", "Permission of folders")
    places = [machine.root, machine.root / "notebooks", machine.root / "models", machine.data_folder()]
    places += machine.find(machine.root / "notebooks", "*.ipynb")
    closed = [place for place in places if machine.exists(place) and not machine.may(place, os.W_OK)]
    if not closed:
        return Finding(about, OK, Text("可以寫入", "can be written"))
    place, user = closed[0], machine.user()
    owner = machine.owner(place)
    more = Text(f"等 {len(closed)} 處" if len(closed) > 1 else "", f" and {len(closed) - 1} more" if len(closed) > 1 else "")
    if owner != user:
        if machine.is_container():
            fix = "COURSE_USER=uid:gid of the folder's owner, when the container is started   (docker run -e COURSE_USER=1000:1000 ...)"
        else:
            fix = f'sudo chown -R "$(id -u):$(id -g)" {machine.root}'
        return Finding(
            about, PROBLEM,
            Text(f"{place}{more.zh}屬於使用者 {owner}，你是 {user}，不能寫入：改了存不起來。",
                 f"{place}{more.en} belong to user {owner}; you are user {user} and may not write there, so nothing can be saved."),
            fix,
        )  # fmt: skip
    return Finding(
        about, PROBLEM,
        Text(f"{place}{more.zh}不能寫入：唯讀的磁碟，或沒有寫入權限。",
             f"{place}{more.en} cannot be written: the disk is for reading only, or the permission is missing."),
        f"chmod -R u+w {machine.root}\nor put the course on another disk, or mount it without :ro",
    )  # fmt: skip


def fonts(machine: Machine) -> Finding:
    """The font that figures show Chinese with."""
    about = Text("中文字型（方框）", "Chinese font (boxes)")
    package = machine.version("pylopdf-fonts-zh-tw")
    if package is None:
        return Finding(
            about, PROBLEM,
            Text("圖裡的中文會變成方框：字型套件沒有安裝。",
                 "Chinese in figures would be boxes: the font package is not installed."),
            "make start",
        )  # fmt: skip
    if not machine.find(machine.python_prefix, "lib/python*/site-packages/pylopdf_fonts_zh_tw/**/*.[ot]tf"):
        return Finding(
            about, PROBLEM,
            Text("字型套件在，字型檔不在。", "The font package is there, its font file is not."),
            f"{machine.python} -m pip install --force-reinstall --no-deps pylopdf-fonts-zh-tw=={package}",
        )  # fmt: skip
    return Finding(about, OK, Text("Noto Sans TC",
                                   "Noto Sans TC; import utils.notebook.plots first, and restart the kernel if boxes stay"))


def memory(machine: Machine) -> Finding:
    """The memory that lessons may use, and whether a kernel has died of it."""
    about = Text("記憶體（核心一直重啟）", "Memory (the kernel dies)")
    killed, limit, used = _control_group(machine)
    numbers = {name: int(kilobytes) * 1024 for name, kilobytes in re.findall(r"^(\w+): +(\d+) kB", machine.read("/proc/meminfo"), re.M)}
    available = numbers.get("MemAvailable")
    if limit:
        available = min(limit - used, available if available is not None else limit)
    if killed:
        return Finding(
            about, PROBLEM,
            Text(f"記憶體不夠，系統已經結束過 {killed} 個行程：核心就是這樣不見的。",
                 f"Memory ran out: the system has ended {killed} processes. This is how a kernel disappears."),
            _more_memory(limit),
        )  # fmt: skip
    if available is None:
        return Finding(about, OK, Text("這個系統查不到", "cannot be read on this system"))
    if available < MEMORY_FOR_A_LESSON:
        where = Text("這個容器" if limit else "這台機器", "this container" if limit else "this machine")
        return Finding(
            about, PROBLEM,
            Text(f"{where.zh}只剩 {available / GB:.1f} GB；一課最多用到 {MEMORY_FOR_A_LESSON / GB:.0f} GB。",
                 f"{available / GB:.1f} GB are left in {where.en}; a lesson takes up to {MEMORY_FOR_A_LESSON / GB:.0f} GB."),
            _more_memory(limit),
        )  # fmt: skip
    return Finding(about, OK, Text(f"剩 {available / GB:.1f} GB", f"{available / GB:.1f} GB are left"))


def _more_memory(limit: int) -> str:
    ways = "Close other notebooks: in JupyterLab's left bar, Running Terminals and Kernels, Shut Down All"
    return f"{ways}\nGive the container more than its {limit / GB:.1f} GB: docker run --memory 6g ..." if limit else ways


def _control_group(machine: Machine) -> tuple[int, int, int]:
    """Return how many processes were ended for memory, the limit and what is used, in bytes; zeros where there is no limit."""
    for folder, events, limit, used in (
        ("/sys/fs/cgroup", "memory.events", "memory.max", "memory.current"),
        ("/sys/fs/cgroup/memory", "memory.oom_control", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        limit = machine.read(f"{folder}/{limit}").strip()
        match = re.search(r"^oom_kill (\d+)", machine.read(f"{folder}/{events}"), re.M)
        killed = int(match[1]) if match else 0
        if limit.isdigit() and int(limit) < UNLIMITED:
            return killed, int(limit), int(machine.read(f"{folder}/{used}").strip() or 0)
        if killed and machine.is_container():
            return killed, 0, 0
    return 0, 0, 0


def disk(machine: Machine) -> Finding:
    """The disk that packages and data need."""
    about = Text("磁碟空間", "Disk space")
    installed = machine.version("keras") is not None
    needed = DISK_FOR_DATA if installed else DISK_FOR_PACKAGES
    for place in (machine.data_folder(), machine.root):
        free = machine.free_disk(place)
        if free < needed:
            return Finding(
                about, PROBLEM,
                Text(f"{place} 的磁碟只剩 {free / GB:.1f} GB，大約需要 {needed / GB:.0f} GB。",
                     f"The disk of {place} has {free / GB:.1f} GB left; about {needed / GB:.0f} GB are needed."),
                "df -h   (shows every disk)\nmake start VENV=/other/disk/venv COURSE_DATA=/other/disk/data",
            )  # fmt: skip
    return Finding(about, OK, Text(f"剩 {free / GB:.0f} GB", f"{free / GB:.0f} GB are left"))


def data(machine: Machine) -> Finding:
    """The lesson data: there, and every byte right."""
    about = Text("課程資料", "Lesson data")
    if machine.version("psutil") is None:
        return _install_first(about)
    damaged = machine.damaged_data()
    if damaged:
        path, reason = next(iter(damaged.items()))
        return Finding(
            about, PROBLEM,
            Text(f"{len(damaged)} 個檔案壞了。第一個：{reason}", f"{len(damaged)} files are damaged. The first: {reason}"),
            "rm " + " ".join(damaged) + "\nmake data",
        )  # fmt: skip
    missing = [row["name"] for row in machine.data() if row["here"] == "no"]
    if missing:
        return Finding(
            about, NOTE,
            Text(f"還沒有：{', '.join(missing)}。上到那一課會自動取得；現在就要全部：",
                 f"Not here yet: {', '.join(missing)}. A lesson fetches what it needs; for all of it now:"),
            "make data",
        )  # fmt: skip
    return Finding(about, OK, Text("都在，而且都正確", "all here, all hashes right"))


def npm(machine: Machine) -> Finding:
    """npm, which the detectors' models come with."""
    about = Text("npm（物件偵測的模型）", "npm (the detectors' models)")
    if machine.which("npm"):
        return Finding(about, OK, Text("有", "installed"))
    if machine.version("psutil") is None:
        return _install_first(about)
    needed = machine.needs_npm()
    if not needed:
        return Finding(about, OK, Text("沒有，但模型都在，不需要", "not installed, and not needed: the models are here"))
    return Finding(
        about, PROBLEM,
        Text(f"沒有 npm，所以拿不到 {', '.join(needed)}（第 17 到 19 課）。",
             f"There is no npm, so {', '.join(needed)} cannot be fetched (lessons 17 to 19)."),
        "sudo apt install npm   (Debian, Ubuntu; macOS, Windows: nodejs.org)\n"
        "make data\nor let the instructor's mirror give them: COURSE_MIRROR=http://... make data",
    )  # fmt: skip


def network(machine: Machine) -> Finding:
    """The way to data and packages: mirror, proxy, the login page of a network."""
    from tools.machine.bootstrap import explain

    about, environment = Text("網路", "Network"), machine.environment
    if environment.get("COURSE_OFFLINE", "").strip().lower() not in ("", "0", "false", "no", "off"):
        return Finding(
            about, NOTE, Text("COURSE_OFFLINE 禁止連線，缺的資料拿不到。",
                              "COURSE_OFFLINE forbids the network, so missing data cannot be fetched."),
            "unset COURSE_OFFLINE   (if data is missing)",
        )  # fmt: skip
    mirror = environment.get("COURSE_MIRROR", "")
    if mirror and machine.version("psutil") is None:
        return _install_first(about)
    if mirror:
        reason = machine.mirror_problem(mirror)
        if reason:
            return Finding(
                about, PROBLEM,
                Text(f"老師的鏡像 {mirror} 用不了：{reason}。",
                     f"The instructor's mirror {mirror} cannot be used: {reason}."),
                "Are you on the classroom's Wi-Fi? Compare the address with the board.\n"
                "On the instructor's computer: make serve-mirror DIR=..., and let its firewall admit that port",
            )  # fmt: skip
        return Finding(about, OK, Text(f"鏡像 {mirror}", f"the mirror {mirror} answers"))
    status, output = machine.run([machine.python, "-m", "pip", "index", "versions", "tqdm", "--timeout", "5", "--retries", "0"], 20)
    if "No module named pip" in output:
        return _install_first(about)
    if status == 0:
        return Finding(about, OK, Text("連得到套件庫", "packages can be fetched"))
    proxy = next((name for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy") if environment.get(name)), "")
    if status == 124:
        output = "Read timed out"
    if re.search("ProxyError|proxy", output) and proxy:
        return Finding(
            about, NOTE,
            Text(f"{proxy} 指的代理伺服器不通。", f"The proxy that {proxy} names does not answer."),
            f"Ask whoever runs the network for the right one, or, if there is none here: unset {proxy}",
        )  # fmt: skip
    return Finding(
        about, NOTE,
        Text("連不到套件庫。已經裝好、資料也在的話，離線就能上課；否則：",
             "Packages cannot be fetched. With everything installed and the data here you can work offline; otherwise:"),
        explain(output, gpu=False),
    )  # fmt: skip


CHECKS = (python, packages, kernel, port, folders, fonts, memory, disk, data, npm, network)
