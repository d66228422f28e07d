"""Text that becomes HTML stays text, whatever it is."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.maps import escape_html

PAYLOAD = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
ALIVE = "<>`$\\\"'"


@given(st.text())
def test_nothing_that_html_or_a_template_literal_would_run_survives(text):
    escaped = escape_html(text)
    assert not set(ALIVE) & set(escaped)
    assert html.unescape(escaped) == html.unescape(html.escape(text))


@given(st.text(alphabet=st.sampled_from(ALIVE + "&#;x92{}")))
def test_escaped_text_reads_as_it_was_written(text):
    assert html.unescape(escape_html(text)) == text


def test_a_hostile_name():
    assert escape_html(PAYLOAD) == (
        "&#96;&#36;{document.title=&#x27;x&#x27;}&lt;/script&gt;"
        "&lt;img src=x onerror=document.title=&#x27;x&#x27;&gt;"
    )


@pytest.mark.parametrize(("value", "shown"), [(7, "7"), (None, "None"), ("盐池县", "盐池县"), ("", "")])
def test_what_is_harmless_stays_as_it_is(value, shown):
    assert escape_html(value) == shown


def test_escaping_twice_shows_the_entities():
    assert escape_html(escape_html("<")) == "&amp;lt;"
