"""The ordinary ways, as Streamlit pages that show the same numbers: ``streamlit run … -- WAY PLACE DAY``.

``each``: SQL into pandas on every run (benchmarks/peer_streamlit.py); ``kept``: the frame is read once and shared by
all, without a copy; ``sql``: PostgreSQL counts, with indexes on what is asked, over one connection that stays open.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import psycopg
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks import peer_streamlit
from benchmarks.peer_streamlit import ALL, SHOWN, number

kept = st.cache_resource(show_spinner=False)(peer_streamlit.read)


@st.cache_resource(show_spinner=False)
def connection(address: str) -> psycopg.Connection:
    """Open the database once for all."""
    return psycopg.connect(address, autocommit=True)


def _asked(address: str, question: str, *given: object) -> pd.DataFrame:
    with connection(address).cursor() as cursor:
        cursor.execute(question.encode(), given)
        names = [column.name for column in cursor.description or ()]
        return pd.DataFrame(cursor.fetchall(), columns=names)


def by_sql(address: str, today: date) -> None:
    """Draw the page by six aggregates."""
    st.set_page_config(layout="wide")
    st.title("Tổng quan")
    names = {
        name: _asked(address, f"SELECT DISTINCT {name} FROM dossiers WHERE {name} IS NOT NULL ORDER BY 1")[name]
        for name in ("department", "field")
    }
    department = st.selectbox("Đơn vị", [ALL, *names["department"]])
    field = st.selectbox("Lĩnh vực", [ALL, *names["field"]])
    where = "(%s = '' OR department = %s) AND (%s = '' OR field = %s)"
    unit, kind = ("" if department == ALL else department), ("" if field == ALL else field)
    chosen = (unit, unit, kind, kind)
    monday = today - timedelta(days=today.weekday())
    week = "fell_due_on >= %s AND fell_due_on < %s"
    counted = f"SELECT count(*) AS due, coalesce(sum(kept), 0) AS met FROM dossiers WHERE {where} AND {week}"
    due = _asked(address, counted, *chosen, monday, today).iloc[0]
    late = int(_asked(address, f"SELECT count(*) AS n FROM dossiers WHERE {where} AND late = 1", *chosen)["n"][0])
    left, right = st.columns(2)
    left.metric("Đúng hạn theo ngày hẹn", f"{100 * due.met / due.due:.1f} %" if due.due else "—")
    left.write(f"{number(int(due.met))} / {number(int(due.due))} hồ sơ đến ngày hẹn")
    right.metric("Quá hạn", number(late))
    st.dataframe(_asked(
        address,
        f"SELECT department, count(*) FILTER (WHERE {week}) AS due, count(*) FILTER (WHERE {week} AND kept = 1) AS met,"
        f" count(*) FILTER (WHERE late = 1) AS overdue FROM dossiers WHERE {where} GROUP BY 1 ORDER BY 1",
        monday, today, monday, today, *chosen,
    ))  # fmt: skip
    listed = f"SELECT {peer_streamlit.COLUMNS} FROM dossiers WHERE {where} AND late = 1 ORDER BY due_on LIMIT {SHOWN}"
    st.dataframe(_asked(address, listed, *chosen))


def main(way: str, place: str, today: date) -> None:
    """Draw the page in one of the ways."""
    if way == "sql":
        by_sql(place, today)
        return
    if way == "kept":
        peer_streamlit.read = kept
    peer_streamlit.main(place, today)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3]))
