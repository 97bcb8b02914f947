# One image for student, instructor and CI. `make image` builds it, `make start-container` starts it.
#
#   BASE  a Debian with Python 3.11 to 3.13
#   GPU   1 for TensorFlow with its CUDA libraries, empty for the CPU: the word of `make start GPU=1`
#   DATA  lesson (or full) to put the data into the image; empty to keep it on a volume at /data
#
# Layers stand in the order in which they change, so an edited notebook copies a few megabytes again and installs nothing.
# A campus that reaches the package registries by settings of its own passes them as build secrets, which no layer keeps:
# pip_config (pip.conf), npm_config (.npmrc) and certificates (a bundle, PEM, which then counts instead of what they name).
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

# fonts-noto-cjk: Chinese in pages printed or drawn inside the container; programs find it by way of fontconfig. npm: two
# pretrained detectors are npm packages. tini: ends the kernels' children and passes signals on. binutils: strip, see below.
# Video needs no package: PyAV and OpenCV bring FFmpeg along.
# Debian keeps only the newest patch of a package, so a pinned version would stop building within weeks.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils fontconfig fonts-noto-cjk make npm tini \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log \
    && useradd --create-home --uid 1000 student \
    && install --directory --owner=student --group=student /course \
    && install --directory --owner=student --group=student --mode=1777 /data \
    && chmod 1777 /home/student

ENV LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    VENV=/opt/venv \
    PATH=/opt/venv/bin:$PATH \
    HOME=/home/student \
    COURSE_DATA=/data \
    PORT=8888 \
    BIND=0.0.0.0 \
    BROWSER=none \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

# The environment: what tools/machine/bootstrap.py reads, and no more, so that nothing else starts this layer again.
# What only a compiler, a debugger or the packages' own tests read goes again: 0.75 GB. Bytecode stays, for a quick start.
WORKDIR /course
COPY requirements.txt requirements-gpu.txt pyproject.toml ./
COPY tools/machine/bootstrap.py tools/machine/
COPY utils/__init__.py utils/
COPY utils/notebook/__init__.py utils/notebook/kernel.py utils/notebook/
ARG GPU=""
ENV GPU=${GPU}
RUN --mount=type=secret,id=pip_config \
    --mount=type=secret,id=certificates \
    --mount=type=cache,target=/var/cache/pip \
    if [ -f /run/secrets/certificates ]; then export PIP_CERT=/run/secrets/certificates; fi \
    && PIP_CONFIG_FILE=/run/secrets/pip_config PIP_CACHE_DIR=/var/cache/pip HOME=/root \
    python3 tools/machine/bootstrap.py --venv "$VENV" ${GPU:+--gpu} \
    && packages=$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
    && rm -rf "$packages/tensorflow/include" "$packages/clang/native" \
    && find "$packages" -type d -name tests -prune -exec rm -rf {} + \
    && find "$packages" -name '*.js.map' -delete \
    && strip --strip-unneeded "$packages"/tensorflow/libtensorflow_*.so.2

# What a server of a classroom hub needs of the hub; both must be of one version.
COPY docker/singleuser-requirements.txt docker/
# pip's cache is a mount, of which no layer keeps anything.
# hadolint ignore=DL3042
RUN --mount=type=secret,id=pip_config \
    --mount=type=secret,id=certificates \
    --mount=type=cache,target=/var/cache/pip \
    if [ -f /run/secrets/certificates ]; then export PIP_CERT=/run/secrets/certificates; fi \
    && PIP_CONFIG_FILE=/run/secrets/pip_config PIP_CACHE_DIR=/var/cache/pip HOME=/root \
    pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement docker/singleuser-requirements.txt

# The data: the catalog and the room that fetches from it. An archive goes once its members are unpacked and checked; one that is
# read as it is stays.
COPY data/catalog.toml data/
COPY utils/files.py utils/
COPY utils/data utils/data
ARG DATA=""
ARG COURSE_MIRROR=""
RUN --mount=type=secret,id=pip_config \
    --mount=type=secret,id=npm_config \
    --mount=type=secret,id=certificates \
    if [ -f /run/secrets/certificates ]; then \
      export PIP_CERT=/run/secrets/certificates NPM_CONFIG_CAFILE=/run/secrets/certificates SSL_CERT_FILE=/run/secrets/certificates; \
    fi; \
    if [ -n "$DATA" ]; then \
      PIP_CONFIG_FILE=/run/secrets/pip_config NPM_CONFIG_USERCONFIG=/run/secrets/npm_config HOME=/tmp/fetch \
      python -m utils.data all --edition "$DATA" \
      && python -c 'from utils.data import catalog, fetch; [(fetch.cache_folder() / asset.filename).unlink(missing_ok=True) \
                    for asset in catalog.load().values() if asset.members]' \
      && rm -rf /tmp/fetch /data/.unfinished \
      && chown --recursive student:student /data; \
    fi

# The course twice: /opt/course stays as it was built (the entrypoint runs from it, and fills an empty folder that is
# mounted on /course from it); /course is where people work.
COPY . /opt/course
COPY --chown=student:student . /course

EXPOSE 8888
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
    CMD ["/opt/venv/bin/python", "-I", "/opt/course/docker/health.py"]

# Any user will do: `--user $(id -u):$(id -g)` makes what is saved yours. Data and home can be written by all, for that.
USER 1000:1000
ENTRYPOINT ["tini", "-s", "--", "/opt/venv/bin/python", "-I", "/opt/course/docker/entrypoint.py"]
CMD ["start"]
