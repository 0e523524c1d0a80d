# The site and its worker in a container; compose.yaml runs both.
FROM python:3.13-slim-trixie
# For backups of PostgreSQL; of the same version as the database in compose.yaml.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -r /var/lib/apt/lists
RUN useradd --system --create-home --home-dir /data clinic
WORKDIR /srv/clinic
COPY requirements.txt requirements/production.txt ./requirements-of-image/
RUN pip install --no-cache-dir --require-hashes -r requirements-of-image/requirements.txt \
 && pip install --no-cache-dir --require-hashes -r requirements-of-image/production.txt
COPY . .
ENV DJANGO_SETTINGS_MODULE=clinic.settings.production DATA_DIR=/data PYTHONUNBUFFERED=1
USER clinic
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "gunicorn.conf.py", "--bind", "0.0.0.0:8000"]
