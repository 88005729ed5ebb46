"""What each page says: from frames of figures to ready words and values. Pure functions; no Streamlit, no store."""
