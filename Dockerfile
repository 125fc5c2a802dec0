# One image for web, worker, sealer, beat and the migration; only the environment differs.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    STATIC_ROOT=/srv/static
RUN useradd --system --create-home berakhlak \
    && install --directory --owner=berakhlak --mode=0700 /secrets /secrets-copy /files
WORKDIR /srv/berakhlak

COPY requirements.txt .
RUN pip install --quiet --require-hashes --requirement requirements.txt
COPY . .
RUN DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    --ignore redoc --ignore rest_framework && rm -r /tmp/build

USER berakhlak
EXPOSE 8000
CMD ["gunicorn", "berakhlak.wsgi", "--config", "deploy/gunicorn.conf.py", \
     "--bind", "0.0.0.0:8000"]
