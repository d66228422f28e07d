"""Counties as people write them."""

import pandas as pd
import pytest

from planner.ledger.cells import Fault
from planner.ledger.counties import counties_of
from planner.model.divisions import build_tree


def test_names_codes_and_addresses(tree):
    counties = counties_of(tree)
    for cell in ("盐池县", "盐池", " 盐 池 县", "640323", 640323.0, "640323000000", "640323101201"):
        assert counties.county(cell) == "640323"
    assert counties.county(None) is None
    assert counties.in_address("宁夏吴忠市盐池县花马池镇") == "640323"
    assert counties.in_address("盐池县与同心县交界") is None
    assert counties.in_address("盐池路1号") is None
    assert counties.in_address(None) is None


@pytest.mark.parametrize("cell", ["吴忠市", "6403", "盐驰县", "640399"])
def test_what_is_no_county(tree, cell):
    with pytest.raises(Fault) as caught:
        counties_of(tree).county(cell)
    assert caught.value.fix


def test_a_name_that_two_counties_share_needs_the_code():
    twins = pd.DataFrame({"code": ["110105", "220104"], "name": ["朝阳区", "朝阳区"], "parent": [None, None]})
    counties = counties_of(build_tree(twins))
    with pytest.raises(Fault, match="“朝阳区”有2个:110105、220104"):
        counties.county("朝阳区")
    assert counties.county("220104") == "220104"


def test_an_empty_tree_knows_no_county():
    counties = counties_of(build_tree(pd.DataFrame({"code": [], "name": [], "parent": []})))
    with pytest.raises(Fault, match="没有叫“盐池县”的县"):
        counties.county("盐池县")
    assert counties.in_address("盐池县") is None
