"""The ordinary way: a Streamlit page that reads its table into pandas on every run, and filters and counts there.

``streamlit run benchmarks/peer_streamlit.py -- DATABASE DAY``. Written as a competent developer writes it: only the
columns it needs, days parsed by pandas, one groupby, the list cut to what a screen shows. What only we work out lies
ready for it in the table: the day on which a promise counted as fallen due, and whether a dossier is overdue.
"""

from __future__ import annotations

import sqlite3
import sys
from datetime import date, timedelta

import pandas as pd
import streamlit as st

COLUMNS = "code, department, field, procedure, status, received_on, due_on, fell_due_on, closed_on, kept, late"
ALL = "Toàn tỉnh"
SHOWN = 500


def read(database: str) -> pd.DataFrame:
    """Read every dossier."""
    days = ["received_on", "due_on", "fell_due_on", "closed_on"]
    with sqlite3.connect(database) as connection:
        return pd.read_sql(f"SELECT {COLUMNS} FROM dossiers", connection, parse_dates=days)


def week(rows: pd.DataFrame, today: date) -> pd.DataFrame:
    """Keep what fell due in the running week, up to yesterday."""
    monday = pd.Timestamp(today - timedelta(days=today.weekday()))
    return rows[(rows["fell_due_on"] >= monday) & (rows["fell_due_on"] < pd.Timestamp(today))]


def by_department(rows: pd.DataFrame, today: date) -> pd.DataFrame:
    """Count by unit: due, kept, overdue."""
    due = week(rows, today).groupby("department")["kept"].agg(due="size", met="sum")
    overdue = rows[rows["late"] == 1].groupby("department").size().rename("overdue")
    return pd.concat([due, overdue], axis=1).fillna(0).astype(int).reset_index()


def number(value: int) -> str:
    """Write a number the Vietnamese way."""
    return f"{value:,}".replace(",", ".")


def main(database: str, today: date) -> None:
    """Draw the page."""
    st.set_page_config(layout="wide")
    st.title("Tổng quan")
    rows = read(database)
    department = st.selectbox("Đơn vị", [ALL, *sorted(rows["department"].dropna().unique())])
    field = st.selectbox("Lĩnh vực", [ALL, *sorted(rows["field"].dropna().unique())])
    if department != ALL:
        rows = rows[rows["department"] == department]
    if field != ALL:
        rows = rows[rows["field"] == field]
    due, late = week(rows, today), rows[rows["late"] == 1]
    met = int(due["kept"].sum())
    left, right = st.columns(2)
    left.metric("Đúng hạn theo ngày hẹn", f"{100 * met / len(due):.1f} %" if len(due) else "—")
    left.write(f"{number(met)} / {number(len(due))} hồ sơ đến ngày hẹn")
    right.metric("Quá hạn", number(len(late)))
    st.dataframe(by_department(rows, today))
    st.dataframe(late.sort_values("due_on").head(SHOWN))


if __name__ == "__main__":
    main(sys.argv[1], date.fromisoformat(sys.argv[2]))
