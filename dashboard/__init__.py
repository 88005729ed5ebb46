"""Streamlit and Plotly only: a page chooses, asks and shows."""
