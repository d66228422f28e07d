"""The script that Streamlit runs, and Streamlit's settings beside it, in a folder of their own.

Beside a folder named `pages` Streamlit takes every module in that folder for a page of its own making, until
the script has run once: whoever first opens /data of a new server would see an empty page. And Streamlit puts
the folder of the script before all others on the path: beside it, `text` or `session` would be our modules.
"""
