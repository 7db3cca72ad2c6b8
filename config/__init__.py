"""Wiring: the environment, Django's and Celery's settings, logging, the ASGI application and the URLs."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
