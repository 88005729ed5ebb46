"""Start the dashboard: ``streamlit run streamlit_app.py``. The pages are in dashboard/, what is seen in main.py."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from dashboard import api, api_beside, begun, exposition, said
from dashboard.components import show_broken
from dashboard.guarded import Guarded, say_no_name
from dashboard.owned import Owned
from dashboard.packed import Packed
from dashboard.routes import PAGES, ROUTES, Gate
from dashboard.watching import Counted, Watched

# dashboard/pages belongs to st.navigation; without this the first deep link into a fresh process is "not found".
PagesManager.uses_pages_directory = False
say_no_name()
begun.begin()
said.hold_to_it()

app = st.App(
    Path(__file__).parent / "dashboard" / "main.py",
    routes=(*ROUTES, *api.ROUTES, *api_beside.ROUTES, *api.REST, *exposition.ROUTES),
    middleware=[
        Middleware(Counted),
        Middleware(Guarded),
        Middleware(Watched, pages=PAGES),
        Middleware(Gate),
        Middleware(Owned),
        Middleware(Packed),
    ],  # fmt: skip
    lifespan=begun.lifespan,
    on_script_error=show_broken,
)
