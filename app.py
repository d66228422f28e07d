"""The app as one ASGI object: `planner serve`, `streamlit run app.py` and `uvicorn app:app` all serve it."""

from planner.ui.server import app

__all__ = ["app"]
