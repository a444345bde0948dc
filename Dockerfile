# The site in a container: nothing is compiled, and no secret is known, in the image that runs.
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential default-libmysqlclient-dev pkg-config
WORKDIR /srv/tms/app
RUN python -m venv /srv/tms/venv
ENV PATH=/srv/tms/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt requirements-mysql.txt requirements-s3.txt ./
RUN pip install --require-hashes --no-deps -r requirements.txt -r requirements-mysql.txt \
    && pip install --require-hashes --no-deps -r requirements-s3.txt
COPY . .
# These settings live for this one step: the files' names and contents depend on none of them.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    ALLOWED_HOSTS=localhost TMS_ENV_FILE= DATA_DIR=/tmp/build STATIC_ROOT=/srv/tms/static \
    python manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R u=rwX,go=rX /srv/tms/static \
    && python -m compileall -q --invalidation-mode unchecked-hash . \
    && pip uninstall -q -y pip

FROM ${PYTHON_IMAGE}
ARG VERSION=dev
LABEL org.opencontainers.image.title="TMS" \
      org.opencontainers.image.description="An open helpdesk: tickets, conversations, roles and an activity log" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmariadb3 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 tms \
    && useradd --uid 10001 --gid tms --no-create-home --home-dir /srv/tms --shell /usr/sbin/nologin tms \
    && install -d -o tms -g tms -m 0700 /srv/tms/data /srv/tms/secrets \
    # The database server reads its volume under another account.
    && install -d -o tms -g tms -m 0755 /srv/tms/db-secrets
# The packages, the hashed static files and the code, all owned by root: the site can't change itself.
COPY --from=build /srv/tms /srv/tms
WORKDIR /srv/tms/app
ENV PATH=/srv/tms/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/srv/tms/data \
    STATIC_ROOT=/srv/tms/static \
    HOST=0.0.0.0 \
    PORT=8000
USER tms
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "scripts.healthcheck"]
CMD ["gunicorn"]
