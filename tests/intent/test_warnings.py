"""What can be planned, and somebody should know."""

from bulkhead.intent.complaints import Complaints
from bulkhead.problems import Problem


def test_a_warning_has_its_line_and_is_no_mistake() -> None:
    complain = Complaints("t.yaml", {("services", "a"): 7}, [])

    complain.warn(("services", "a", "sockets", "b"), "is odd", "make it even")

    assert complain.warnings == [Problem("t.yaml", 7, "is odd", "make it even")]
    assert complain.mistakes == []
