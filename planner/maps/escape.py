"""The one way by which text becomes HTML."""

from __future__ import annotations

import html

# Leaflet and folium put text into JavaScript template literals, where html.escape leaves code alive.
_LITERAL = str.maketrans({"\\": "&#92;", "`": "&#96;", "$": "&#36;"})


def escape_html(text: object) -> str:
    """`text` as HTML that stays text, also inside a JavaScript template literal (`${…}`)."""
    return html.escape(str(text)).translate(_LITERAL)
