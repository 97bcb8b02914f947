"""Find out what is wrong with this machine, by symptom, and print what to do in both languages. See `make doctor`.

utils/data/environment.py asks the machine; each check here words what it finds. Standard library only, like that
module: the doctor also runs where nothing is installed yet.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Callable, NamedTuple  # noqa: UP035 - as Python 3.8 has it

from tools.machine import ports
from utils.data import environment

OK, NOTE, PROBLEM = "ok", "note", "problem"
MARKS = {OK: "✔", NOTE: "·", PROBLEM: "✘"}
GB = 1e9


class Finding(NamedTuple):
    """How it is with what was looked at, in both languages, and the command or act that mends it."""

    state: str
    zh: str
    en: str
    fix: str = ""


class Check(NamedTuple):
    """What is looked at, and the function that does."""

    zh: str
    en: str
    look: Callable[[], Finding]


LATER = Finding(NOTE, "套件裝好之後才查得到。", "Can be looked at once the packages are installed.")


def python() -> Finding:
    """The version of Python, here and in the course's environment."""
    (_, first), (_, last) = environment.PYTHON_VERSIONS
    zh, en = f"課程需要 3.{first} 到 3.{last}。", f"the course needs 3.{first} to 3.{last}."
    old = environment.old_environment()
    if old:
        if old.gone:
            zh, en = "現在執行的不是它，裝好的套件都看不到。", "that Python is gone: nothing installed in it is seen."
        where = "" if old.folder == environment.ROOT / ".venv" else f" VENV={old.folder}"
        return Finding(
            PROBLEM, f"環境 {old.folder} 是用 Python {old.made_with} 做的；{zh}",
            f"The environment {old.folder} was made with Python {old.made_with}; {en}",
            f"make clean{where}\nmake start{where}   (PYTHON=python3.12 names another Python)")  # fmt: skip
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, first) <= sys.version_info[:2] <= (3, last):
        return Finding(OK, version, version)
    return Finding(
        PROBLEM, f"這是 Python {version}；{zh}", f"This is Python {version}; {en}",
        "sudo apt install python3 python3-venv   (Debian, Ubuntu; macOS, Windows: python.org)\n"
        "make start PYTHON=python3.12")  # fmt: skip


def packages() -> Finding:
    """The installed packages."""
    try:
        wrong = environment.packages_that_differ()
    except ModuleNotFoundError as error:
        return Finding(PROBLEM, f"課程的套件還沒安裝（找不到 {error.name}）。",
                       f"The course's packages are not installed ({error.name} is not found).", "make start")  # fmt: skip
    if not wrong:
        return Finding(OK, "和 requirements.txt 一致", "as in requirements.txt")
    words = ", ".join(f"{one.package} {one.found or '(missing)'}" for one in wrong[:5]) + " ..." * (len(wrong) > 5)
    return Finding(
        PROBLEM, f"有 {len(wrong)} 個套件和 requirements.txt 不同：{words}",
        f"{len(wrong)} packages are not as in requirements.txt: {words}",
        "make start\nmake clean start   (if that does not help)")  # fmt: skip


def kernel() -> Finding:
    """The kernel that notebooks start."""
    if environment.version("ipykernel") is None:
        return LATER
    command, again = environment.kernel_command(), f"{sys.executable} -m utils.notebook.kernel --install"
    if not command:
        return Finding(PROBLEM, f"課程的核心沒有登記（{environment.PREFIX}）。",
                       f"The course's kernel is not registered ({environment.PREFIX}).", again)  # fmt: skip
    if not Path(command[0]).exists():
        return Finding(PROBLEM, f"核心指到的 Python 已經不在了：{command[0]}。資料夾搬過家嗎？",
                       f"The kernel names a Python that is gone: {command[0]}. Was the folder moved?",
                       "make clean start")  # fmt: skip
    if "utils.notebook.kernel" not in command:
        return Finding(PROBLEM, "登記的是別的核心，不是課程的。",
                       "Another kernel is registered in place of the course's.", again)  # fmt: skip
    return Finding(OK, "已登記", "registered")


def port() -> Finding:
    """The port that JupyterLab takes."""
    wanted = ports.FIRST_PORT
    if ports.is_free(wanted):
        return Finding(OK, f"{wanted} 可用", f"{wanted} is free")
    return Finding(
        NOTE, f"{wanted} 被占用，可能是還開著的 JupyterLab。make start 會自動換下一個；容器要自己指定。",
        f"{wanted} is taken, perhaps by a JupyterLab that still runs. "
        "make start takes the next one; a container has to be told.",
        f"jupyter server list   (shows what runs; jupyter server stop {wanted} ends it)\n"
        f"make start PORT={wanted + 2}   or   make start-container PORT={wanted + 2}")  # fmt: skip


def folders() -> Finding:
    """Whether this user may write where lessons write."""
    closed, root = environment.closed_folders(), environment.ROOT
    if not closed:
        return Finding(OK, "可以寫入", "can be written")
    zh, en = (f"等 {len(closed)} 處", f" and {len(closed) - 1} more") if len(closed) > 1 else ("", "")
    owner, user = closed[0].stat().st_uid, os.geteuid() if hasattr(os, "geteuid") else 0  # 0 where users have none
    if owner == user:
        return Finding(
            PROBLEM, f"{closed[0]}{zh}不能寫入：唯讀的磁碟，或沒有寫入權限。",
            f"{closed[0]}{en} cannot be written: the disk is for reading only, or the permission is missing.",
            f"chmod -R u+w {root}\nor put the course on another disk, or mount it without :ro")  # fmt: skip
    return Finding(
        PROBLEM, f"{closed[0]}{zh}屬於使用者 {owner}，你是 {user}，不能寫入：改了存不起來。",
        f"{closed[0]}{en} belong to user {owner}; you are user {user} and may not write there, "
        "so nothing can be saved.",
        "docker run --user $(id -u):$(id -g) ...   (as the folder's owner; make start-container does it)"
        if environment.is_container() else f'sudo chown -R "$(id -u):$(id -g)" {root}')  # fmt: skip


def fonts() -> Finding:
    """The font that figures show Chinese with."""
    package = environment.version(environment.FONT)
    if package is None:
        return Finding(PROBLEM, "圖裡的中文會變成方框：字型套件沒有安裝。",
                       "Chinese in figures would be boxes: the font package is not installed.", "make start")  # fmt: skip
    if not environment.has_font():
        again = f"{sys.executable} -m pip install --force-reinstall --no-deps {environment.FONT}=={package}"
        return Finding(PROBLEM, "字型套件在，字型檔不在。",
                       "The font package is there, its font file is not.", again)  # fmt: skip
    return Finding(OK, "Noto Sans TC",
                   "Noto Sans TC; import utils.notebook.plots first, and restart the kernel if boxes stay")  # fmt: skip


def memory() -> Finding:
    """The memory that lessons may use, and whether a kernel has died of it."""
    found, needed = environment.memory(), environment.MEMORY_FOR_LESSONS
    more = "Close other notebooks: in JupyterLab's left bar, Running Terminals and Kernels, Shut Down All"
    if found.limit:
        more += f"\nGive the container more than its {found.limit / GB:.1f} GB: docker run --memory 6g ..."
    if found.killed:
        return Finding(
            PROBLEM, f"記憶體不夠，系統已經結束過 {found.killed} 個行程：核心就是這樣不見的。",
            f"Memory ran out: the system has ended {found.killed} processes. This is how a kernel disappears.",
            more)  # fmt: skip
    if found.left is None:
        return Finding(OK, "這個系統查不到", "cannot be read on this system")
    if found.left < needed:
        zh, en = ("這個容器", "this container") if found.limit else ("這台機器", "this machine")
        return Finding(
            PROBLEM, f"{zh}只剩 {found.left / GB:.1f} GB；一課最多用到 {needed / GB:.0f} GB。",
            f"{found.left / GB:.1f} GB are left in {en}; a lesson takes up to {needed / GB:.0f} GB.", more)  # fmt: skip
    return Finding(OK, f"剩 {found.left / GB:.1f} GB", f"{found.left / GB:.1f} GB are left")


def disk() -> Finding:
    """The disk that packages and data need."""
    from tools.machine.bootstrap import GIBIBYTES_NEEDED

    installed = environment.version("keras") is not None
    needed = environment.DISK_FOR_LESSONS if installed else GIBIBYTES_NEEDED["cpu"] * 2**30
    free, place = min((environment.free_disk(place), place) for place in (environment.data_folder(), environment.ROOT))
    if free < needed:
        return Finding(
            PROBLEM, f"{place} 的磁碟只剩 {free / GB:.1f} GB，大約需要 {needed / GB:.0f} GB。",
            f"The disk of {place} has {free / GB:.1f} GB left; about {needed / GB:.0f} GB are needed.",
            "df -h   (shows every disk)\nmake start VENV=/other/disk/venv COURSE_DATA=/other/disk/data")  # fmt: skip
    return Finding(OK, f"剩 {free / GB:.0f} GB", f"{free / GB:.0f} GB are left")


def data() -> Finding:
    """The lesson data: there, and every byte right."""
    damaged = environment.damaged_data()
    if damaged:
        reason = next(iter(damaged.values()))
        return Finding(
            PROBLEM, f"{len(damaged)} 個檔案壞了。第一個：{reason}",
            f"{len(damaged)} files are damaged. The first: {reason}",
            "rm " + " ".join(damaged) + "\nmake data")  # fmt: skip
    names = environment.missing_data()
    if names:
        missing, lessons = ", ".join(names), environment.lessons_that_read(names)
        return Finding(
            NOTE, f"還沒有：{missing}（第 {lessons} 課）。上到那一課會自動取得；現在就要全部，或只要一課：",
            f"Not here yet: {missing} (lessons {lessons}). A lesson fetches what it needs; for all of it now, or for one lesson:",
            "make data\nmake data NB=17")  # fmt: skip
    return Finding(OK, "都在，而且都正確", "all here, all hashes right")


def npm() -> Finding:
    """npm, which the detectors' models and the emoji come with."""
    if shutil.which("npm"):
        return Finding(OK, "有", "installed")
    names = environment.missing_data("npm")
    needed, lessons = ", ".join(names), environment.lessons_that_read(names)
    if not needed:
        return Finding(OK, "沒有，但模型都在，不需要", "not installed, and not needed: the models are here")
    return Finding(
        PROBLEM, f"沒有 npm，所以拿不到 {needed}（第 {lessons} 課）。",
        f"There is no npm, so {needed} cannot be fetched (lessons {lessons}).",
        "sudo apt install npm   (Debian, Ubuntu; macOS, Windows: nodejs.org)\n"
        "make data\nor let the instructor's mirror give them: COURSE_MIRROR=http://... make data")  # fmt: skip


def network() -> Finding:
    """The way to data and packages: mirror, proxy, the login page of a network."""
    from tools.machine.bootstrap import explain
    from utils.data.settings import is_offline

    if is_offline():
        return Finding(NOTE, "COURSE_OFFLINE 禁止連線，缺的資料拿不到。",
                       "COURSE_OFFLINE forbids the network, so missing data cannot be fetched.",
                       "unset COURSE_OFFLINE   (if data is missing)")  # fmt: skip
    mirror = os.environ.get("COURSE_MIRROR", "")
    reason = mirror and environment.mirror_problem(mirror)
    if reason:
        return Finding(
            PROBLEM, f"老師的鏡像 {mirror} 用不了：{reason}。",
            f"The instructor's mirror {mirror} cannot be used: {reason}.",
            "Are you on the classroom's Wi-Fi? Compare the address with the board.\n"
            "On the instructor's computer: make serve-mirror DIR=..., and let its firewall admit it")  # fmt: skip
    if mirror:
        return Finding(OK, f"鏡像 {mirror}", f"the mirror {mirror} answers")
    options = ["--timeout", "5", "--retries", "0"]
    status, output = environment.run([sys.executable, "-m", "pip", "index", "versions", "tqdm", *options], 20)
    if status == 0:
        return Finding(OK, "連得到套件庫", "packages can be fetched")
    if "No module named pip" in output:
        return LATER
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    proxy = next((name for name in names if os.environ.get(name)), "")
    if proxy and re.search("ProxyError|proxy", output):
        return Finding(NOTE, f"{proxy} 指的代理伺服器不通。", f"The proxy that {proxy} names does not answer.",
                       f"Ask whoever runs the network for the right one, or, if there is none here: unset {proxy}")
    return Finding(
        NOTE, "連不到套件庫。已經裝好、資料也在的話，離線就能上課；否則：",
        "Packages cannot be fetched. With everything installed and the data here you can work offline; otherwise:",
        explain("Read timed out" if status == 124 else output, gpu=False))  # fmt: skip


INSTALL_DRIVER = "sudo ubuntu-drivers install   (Ubuntu)"
TELL_DOCKER = "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker"
GPU_LINKS = {  # of environment.broken_gpu_link; {} is its detail, {make} the command that installs TensorFlow for a GPU
    "not given to this container": (
        "容器沒有拿到 GPU。主機要裝 NVIDIA Container Toolkit，啟動容器時要說要 GPU。",
        "The container was not given the GPU. The host needs the NVIDIA Container Toolkit, "
        "and the start must ask for the GPU.",
        "On the host: make doctor\nmake start-container GPU=1   or   docker run --gpus all ...\n"
        "docker compose --file docker/compose.yaml --profile gpu up gpu"),
    "driver not loaded": (
        "機器裡有 NVIDIA GPU，但驅動程式沒有載入。", "There is an NVIDIA GPU, but its driver is not loaded.",
        f"{INSTALL_DRIVER}   or   sudo apt install nvidia-driver   (Debian, non-free), then restart\n"
        "mokutil --sb-state   "
        "(Secure Boot refuses a driver that is not signed: enrol its key when the installer asks)"),
    "driver too old": (
        "驅動程式 {} 太舊；CUDA 12 需要 525.60 以上。", "The driver {} is too old; CUDA 12 needs 525.60 or newer.",
        f"{INSTALL_DRIVER}, then restart"),
    "no /dev/nvidia*": (
        "驅動程式在，但沒有 /dev/nvidia*。", "The driver is loaded, but there are no /dev/nvidia*.",
        "sudo nvidia-modprobe -c 0 -u   "
        "(makes them now; sudo systemctl enable nvidia-persistenced makes them at every start)"),
    "card not permitted": (
        "你沒有 {} 的權限。", "You may not use {}.",
        'sudo usermod -aG "$(stat -c %G {})" "$USER", then log in again   (in a container: --group-add)'),
    "hidden by CUDA_VISIBLE_DEVICES": (
        "CUDA_VISIBLE_DEVICES={} 把 GPU 藏起來了。", "CUDA_VISIBLE_DEVICES={} hides the GPU.",
        "unset CUDA_VISIBLE_DEVICES"),
    "TensorFlow for the CPU alone": (
        "有 GPU，但裝的是只用 CPU 的 TensorFlow。",
        "There is a GPU, but the TensorFlow that is installed is for the CPU alone.", "{make}"),
    "TensorFlow not installed": ("TensorFlow 沒有安裝。", "TensorFlow is not installed.", "{make}"),
    "CUDA packages missing": (
        "TensorFlow 少了 CUDA 的套件：{}。", "TensorFlow lacks its CUDA packages: {}.",
        "make clean, then make start GPU=1"),
    "not seen by TensorFlow": (
        "驅動程式和套件都在，TensorFlow 還是看不到 GPU。它說：{}",
        "Driver and packages are there, yet TensorFlow sees no GPU. It says: {}",
        "nvidia-smi   (does it list the GPU? if not, restart the machine: a driver update may be half done)\n"
        "unset LD_LIBRARY_PATH   (an older CUDA on it comes before the packages' own)"),
}  # fmt: skip
CONTAINER_LINKS = {  # of environment.broken_container_link
    "toolkit not installed": (
        "NVIDIA Container Toolkit 沒有安裝，容器拿不到 GPU。",
        "The NVIDIA Container Toolkit is not installed, so no container gets the GPU.",
        "Install nvidia-container-toolkit (docs.nvidia.com/datacenter/cloud-native/container-toolkit), then:\n"
        + TELL_DOCKER),
    "Docker not told": (
        "Toolkit 裝了，但 Docker 還不知道。", "The toolkit is installed, but Docker has not been told.", TELL_DOCKER),
    "not asked for": (
        "docker/compose.yaml 裡沒有要 GPU 的那一段。", "docker/compose.yaml does not ask for the GPU.",
        "In the service: "
        "deploy: {resources: {reservations: {devices: [{driver: nvidia, count: all, capabilities: [gpu]}]}}}"),
}  # fmt: skip


def gpu() -> Finding:
    """Whether TensorFlow can use an NVIDIA GPU, and if not, the first link that is broken."""
    broken = environment.broken_gpu_link(ask_tensorflow=True)
    if broken is None:
        return Finding(OK, "TensorFlow 看得到", "TensorFlow uses it")
    if broken.link == "no NVIDIA GPU":
        return Finding(OK, "這台機器沒有 NVIDIA GPU", "this machine has no NVIDIA GPU; every lesson runs without one")
    make = "make image GPU=1, then make start-container GPU=1" if environment.is_container() else "make start GPU=1"
    words = (text.replace("{}", broken.detail).replace("{make}", make) for text in GPU_LINKS[broken.link])
    return Finding(PROBLEM, *words)


def containers() -> Finding:
    """Whether containers of this machine can use its GPU."""
    broken = environment.broken_container_link()
    if broken is None:
        return Finding(OK, "這裡用不到", "not a question here")
    return Finding(NOTE, *CONTAINER_LINKS[broken]) if broken else Finding(OK, "可以", "can be used")


CHECKS = (
    Check("Python 版本", "Python version", python),
    Check("套件", "Packages", packages),
    Check("Jupyter 核心", "Jupyter kernel", kernel),
    Check("連接埠", "Port", port),
    Check("資料夾的權限", "Permission of folders", folders),
    Check("中文字型（方框）", "Chinese font (boxes)", fonts),
    Check("記憶體（核心一直重啟）", "Memory (the kernel dies)", memory),
    Check("磁碟空間", "Disk space", disk),
    Check("課程資料", "Lesson data", data),
    Check("npm（偵測模型、表情符號）", "npm (detectors, emoji)", npm),
    Check("網路", "Network", network),
    Check("GPU 看不看得到", "GPU seen or not", gpu),
    Check("容器裡的 GPU", "GPU in containers", containers),
)


def examine(checks: tuple[Check, ...] = CHECKS) -> dict[Check, Finding]:
    """Return what each check finds. A check that fails itself is a finding; a wrong Python is the only one."""
    findings = {}
    for check in checks:
        try:
            findings[check] = check.look()
        except ModuleNotFoundError:
            findings[check] = LATER
        except Exception as error:  # a broken installation can raise anything; the other checks still help
            said = f"{type(error).__name__}: {error}"
            findings[check] = Finding(PROBLEM, f"查不下去：{said}", f"cannot be checked: {said}", "make start")
        if check.look is python and findings[check].state == PROBLEM:
            break  # whatever else is wrong may follow from it
    return findings


def show(findings: dict[Check, Finding]) -> str:
    """Return the report: a line for what is well, a paragraph with the way out for what is not; a line that sums up."""
    lines = []
    for check, finding in findings.items():
        head = f"{MARKS[finding.state]} {check.zh} · {check.en}"
        if finding.state == OK:
            lines.append(f"{head}: {finding.en}")
        else:
            fixes = [f"    → {line}" for line in finding.fix.splitlines()]
            lines += ["", head, f"    {finding.zh}", f"    {finding.en}", *fixes, ""]
    problems = sum(finding.state == PROBLEM for finding in findings.values())
    summary = "這台機器沒有問題。 Nothing is wrong with this machine."
    if problems:
        summary = (f"要處理的問題：{problems} 個。由上往下處理，再執行一次 make doctor。 "
                   f"Problems: {problems}. Mend them from the top, then run make doctor again.")  # fmt: skip
    return "\n".join([*lines, "", summary]).replace("\n\n\n", "\n\n").strip("\n")


def main() -> int:
    """Print the report; return 1 if there is a problem."""
    findings = examine()
    print(show(findings))
    return 1 if any(finding.state == PROBLEM for finding in findings.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\ndoctor: stopped. It changes nothing; run it again at any time.")
