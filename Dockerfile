# One image for web, worker, beat and the migrations; docker-compose.yml says which command each runs.

FROM node:20-bookworm-slim AS assets
WORKDIR /srv
COPY static/package.json static/package-lock.json static/.npmrc static/
RUN npm ci --prefix static
COPY static static
RUN npm run build --prefix static

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
        postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 wscb
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/srv/var READ_DOTENV=off PORT=8000
WORKDIR /srv/site
COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt
COPY . .
COPY --from=assets /srv/var/assets /srv/var/assets
# The static files are collected once, into the image; the key made up for that is thrown away.
RUN python manage.py collectstatic --noinput --verbosity 0 \
    && rm /srv/var/secret_key \
    && chown -R wscb: /srv/var
USER wscb
EXPOSE 8000
CMD ["gunicorn", "--config", "python:wscb_training.gunicorn", "wscb_training.wsgi"]
