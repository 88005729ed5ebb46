"""The least that Streamlit can show: one line, no figure, no settings. What is left of our first visit is ours."""

import streamlit as st

st.write("Trang trống")
