# The service as one image. It stores nothing in the container:
#   database   DATABASE_URL, a PostgreSQL role that owns no tables (docs/operators/installation.md)
#   files      volumes on /srv/figures (figures of editions) and /srv/media (uploads of the admin)
#   settings   DATABASE_URL SECRET_KEY ALLOWED_HOSTS BASE_URL EMAIL_URL, all required
# Run it behind a proxy that terminates TLS and overwrites X-Forwarded-Proto.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
# requirements-s3.txt: the same, and what files in an object store need
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt requirements-s3.txt ./
# Compiled apart, with hashes of the sources instead of their times: the same bytes in each build
RUN /opt/venv/bin/pip install --no-compile --require-hashes -r "${REQUIREMENTS}" \
    && /opt/venv/bin/python -m compileall -q -f --invalidation-mode checked-hash /opt/venv/lib

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media \
    FIGURES_ROOT=/srv/figures \
    WEB_CONCURRENCY=2
# openssl for time stamps; pg_dump for `manage.py backup`: of the server's major version or a newer one, from PostgreSQL's own packages
ARG POSTGRESQL_MAJOR=18
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates openssl postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends "postgresql-client-${POSTGRESQL_MAJOR}" \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin app \
    && mkdir -p /srv/static /srv/media /srv/figures /srv/backups \
    && chown app:app /srv/media /srv/figures /srv/backups
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY manage.py pyproject.toml CHANGELOG.md ./
COPY cms cms
# The admin's help pages are made from docs
COPY docs docs
COPY home home
COPY monographs monographs
COPY static static
COPY templates templates

# Required settings need a value while static files are collected; these are not kept in the image.
RUN DATABASE_URL=postgresql://nobody@nowhere.invalid/none \
    SECRET_KEY=only-while-static-files-are-collected-and-nowhere-else \
    ALLOWED_HOSTS=nowhere.invalid \
    BASE_URL=https://nowhere.invalid \
    EMAIL_URL=smtp://nowhere.invalid:25 \
    python manage.py collectstatic --noinput --verbosity 0

USER app
VOLUME ["/srv/media", "/srv/figures"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
    "import os, urllib.parse, urllib.request; host = urllib.parse.urlsplit(os.environ['BASE_URL']).netloc; \
    urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]
# The access log holds neither client addresses nor query strings. cms/gunicorn_conf.py: which headers are
# refused, and log entries that stay on one line. Only a proxy with read deadlines may reach the port
# (deploy/nginx/nginx.conf): a few clients that never finish their requests would occupy every thread.
# WEB_CONCURRENCY sets the number of workers. Each is replaced after 2000 to 2400 requests by a fork of the
# process that has loaded everything (--preload).
CMD ["gunicorn", "cms.wsgi:application", \
    "--config", "python:cms.gunicorn_conf", \
    "--bind", "0.0.0.0:8000", \
    "--preload", \
    "--threads", "4", \
    "--max-requests", "2000", \
    "--max-requests-jitter", "400", \
    "--timeout", "30", \
    "--access-logfile", "-", \
    "--access-logformat", "%(t)s %(m)s %(U)s %(s)s %(B)s %(L)s", \
    "--worker-tmp-dir", "/dev/shm", \
    "--no-control-socket"]
