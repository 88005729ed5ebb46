import streamlit as st

from dashboard import filters, frame

ask = frame.begin("worklist", lambda o: filters.Choice(o.today, filters.week_picker(o)))
st.write(ask)
