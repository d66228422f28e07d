"""Children as the rules see them: made by hand, and any at all."""

from hypothesis import strategies as st

from planner.policy.facts import Facts, Parent
from planner.policy.rules import RULE_SETS, load_rules
from planner.policy.words import Basis, Difficulty, Harm, ParentState, Placement

PARENTS = st.builds(
    Parent,
    states=st.frozensets(st.sampled_from(ParentState), min_size=1, max_size=3),
    term_months=st.none() | st.floats(0, 60),
    basis=st.none() | st.sampled_from(Basis),
)
FACTS = st.builds(
    Facts,
    father=PARENTS,
    mother=PARENTS,
    parents_unfound=st.booleans(),
    poor=st.booleans(),
    difficulty=st.frozensets(st.sampled_from(Difficulty)),
    child_disabled=st.booleans(),
    disability_cert=st.booleans(),
    child_ill=st.booleans(),
    harm=st.frozensets(st.sampled_from(Harm)),
    guardian_proper=st.none() | st.booleans(),
    temporary_event=st.booleans(),
    placement=st.none() | st.sampled_from(Placement),
    aged_out=st.booleans(),
)
RULES = st.sampled_from(RULE_SETS).map(load_rules)


def parents(father, mother, **more):
    return Facts(father=Parent.of(father), mother=Parent.of(mother), **more)
