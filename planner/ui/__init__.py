"""The pages. The only streamlit; everything a page shows comes from the store, the registry and the jobs."""
