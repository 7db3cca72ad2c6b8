FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000

WORKDIR /app

COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt

COPY manage.py pyproject.toml ./
COPY config ./config
COPY dashboard ./dashboard
COPY templates ./templates
COPY static ./static

# /data holds the kept secret key, the static files and, with SQLite, the database; a named volume takes over this owner.
RUN useradd --system --uid 10001 --home-dir /data --create-home queuelight \
    && python -m compileall -q config dashboard
USER 10001
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]

CMD ["python", "manage.py", "serve"]
