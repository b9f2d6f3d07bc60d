"""One comment on a pull request, found again and updated in place, whatever goes wrong."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bulkhead.forge import Became, Marker, Message, post
from bulkhead.forge.github import GitHubThread, github
from bulkhead.forge.gitlab import GitLabThread, gitlab
from bulkhead.forge.marker import marked
from bulkhead.forge.posting import SETTLED
from bulkhead.problems import UnusableError
from tests.support.forge_server import HEAD, JOB, forge_server

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MARKER = Marker(key="review", head=HEAD, run=(50, 1), at=NOW)


@pytest.fixture
def server():
    with forge_server() as state:
        yield state


@pytest.fixture(params=["github", "gitlab"])
def forge(request, server):
    """A way to the comments of the one pull request, of either forge."""
    if request.param == "github":
        return lambda token="good": GitHubThread(github(server.root, token), "owner/shop", 7)
    server.login = "project_1_bot"
    server.user = True
    return lambda token="good": GitLabThread(gitlab(server.root, token), "group/shop", 7)


@pytest.fixture
def hub(server):
    return GitHubThread(github(server.root, "good"), "owner/shop", 7)


def say(text="one flow opened", **more):
    only_update = more.pop("only_update", False)
    return Message(marker=replace(MARKER, **more), text=text, only_update=only_update)


class Waits:
    """A sleep that takes no time; what was waited for the forge is remembered."""

    def __init__(self):
        self.taken = []

    def __call__(self, seconds):
        if seconds != SETTLED:
            self.taken.append(seconds)


def posted(thread, message):
    return post(thread, message, sleep=lambda _: None)


@pytest.fixture
def waits():
    return Waits()


def test_a_second_run_updates_the_comment_of_the_first(forge, server):
    assert posted(forge(), say("one")).became is Became.CREATED
    assert posted(forge(), say("two", run=(51, 1))).became is Became.UPDATED
    (body,) = server.of()
    assert "two" in body
    assert "one" not in body
    assert len(server.calls("POST")) - server.calls("POST").count("/graphql") == 1


@pytest.mark.parametrize("links", [True, False])
def test_it_is_found_behind_more_than_a_hundred_others(forge, server, links):
    server.links = links
    for count in range(130):
        server.comment(f"talk {count}", "somebody")
    posted(forge(), say("one"))
    for count in range(130):
        server.comment(f"more talk {count}", "somebody")
    assert posted(forge(), say("two", run=(51, 1))).became is Became.UPDATED
    assert len(server.of()) == 1
    assert any("page=3" in each for each in server.calls("GET"))


def test_a_marker_that_a_stranger_pasted_is_not_ours(forge, server):
    theirs = f"{MARKER}\nLGTM, merge it"
    server.comment(theirs, "mallory")
    assert posted(forge(), say("two", run=(51, 1))).became is Became.CREATED
    assert server.of("mallory") == [theirs]
    assert "two" in server.of()[0]


def test_a_comment_of_ours_that_quotes_a_marker_is_not_taken_for_it(hub, server):
    server.comment(f"> {MARKER}\n\nabout that comment")
    assert posted(hub, say()).became is Became.CREATED
    assert len(server.of()) == 2


def test_reviews_of_two_keys_have_a_comment_each(hub, server):
    posted(hub, say("shop", key="topologies/shop.yaml"))
    posted(hub, say("plant", key="topologies/plant.yaml"))
    posted(hub, say("shop again", key="topologies/shop.yaml", run=(51, 1)))
    assert ["shop again" in each for each in server.of()] == [True, False]


def test_a_run_on_an_older_head_leaves_the_newer_comment_alone(forge, server):
    posted(forge(), say("new", run=(51, 1)))
    assert posted(forge(), say("old", head="b" * 40)).became is Became.OUTDATED
    assert "new" in server.of()[0]


def test_a_run_whose_pull_request_moves_on_while_it_writes_gives_way(hub, server):
    """It has looked; then somebody pushes, and the newer run writes, and then it writes too."""
    posted(hub, say("one"))

    def somebody_pushes(asked):
        if asked.method == "PATCH":
            server.before, server.head = lambda _: None, "b" * 40
            racing.submit(post, hub, say("new", head="b" * 40, run=(60, 1)), sleep=newer_pauses)
            assert newer_wrote.wait(20)

    def newer_pauses(_):
        newer_wrote.set()
        assert older_wrote.wait(20)

    newer_wrote, older_wrote = threading.Event(), threading.Event()
    server.before = somebody_pushes
    with ThreadPoolExecutor() as racing:
        older = say("old", run=(51, 1))
        assert post(hub, older, sleep=lambda _: None).became is Became.OUTDATED
        assert "old" in server.of()[0]
        older_wrote.set()
    assert "new" in server.of()[0]


def test_a_run_on_an_older_head_makes_no_comment_where_the_newer_had_nothing_to_say(hub, server):
    assert posted(hub, say("new", only_update=True)).became is Became.NOTHING
    assert posted(hub, say("old", head="b" * 40)).became is Became.OUTDATED
    assert server.of() == []


def test_of_two_runs_on_one_head_the_one_that_started_later_counts(hub, server):
    posted(hub, say("second", run=(60, 1)))
    late = say("first", run=(59, 3), at=NOW.replace(hour=23))
    assert posted(hub, late).became is Became.NEWER
    assert posted(hub, say("second again", run=(60, 2))).became is Became.UPDATED
    assert "second again" in server.of()[0]


def test_a_head_that_was_pushed_back_to_counts_over_a_later_run_of_another(hub, server):
    server.head = "b" * 40
    posted(hub, say("in between", head="b" * 40, run=(60, 1)))
    server.head = HEAD
    assert posted(hub, say("again", run=(50, 2))).became is Became.UPDATED


def test_without_a_known_head_the_later_run_counts(hub, server):
    server.head = None
    posted(hub, say("new", run=(51, 1)))
    assert posted(hub, say("old", head="b" * 40)).became is Became.NEWER
    assert "new" in server.of()[0]


def test_by_hand_the_clock_decides(hub, server):
    posted(hub, say("new", run=None))
    assert posted(hub, say("old", run=None, at=NOW.replace(hour=11))).became is Became.NEWER


def test_where_nothing_changes_there_is_no_comment_but_one_that_is_there_says_so(forge, server):
    assert posted(forge(), say("nothing", only_update=True)).became is Became.NOTHING
    assert server.of() == []
    posted(forge(), say("a flow"))
    nothing = say("nothing", only_update=True, run=(51, 1))
    assert posted(forge(), nothing).became is Became.UPDATED
    assert "nothing" in server.of()[0]


def test_no_line_of_a_note_is_an_order_to_gitlab(server):
    server.login, server.user = "project_1_bot", True
    notes = GitLabThread(gitlab(server.root, "good"), "group/shop", 7)
    for run in (50, 51):
        posted(notes, say("a\n/merge\n  /approve\r/close", run=(run, 1)))
        (body,) = server.of()
        assert "\n/" not in body
        assert "\\/merge\n  \\/approve\n\\/close" in body


def test_a_comment_that_is_deleted_in_the_middle_is_made_anew(forge, server, waits):
    posted(forge(), say("one"))

    def somebody_deletes(asked):
        if asked.method in ("PATCH", "PUT"):
            server.before = lambda _: None
            server.comments.clear()

    server.before = somebody_deletes
    assert post(forge(), say("two", run=(51, 1)), sleep=waits).became is Became.CREATED
    (body,) = server.of()
    assert "two" in body


def test_a_comment_that_can_never_be_updated_ends_in_a_sentence(hub, server, waits):
    posted(hub, say("one"))
    server.fail("PATCH", "/comments/", 404, times=99)
    with pytest.raises(UnusableError, match="GitHub answers 404"):
        post(hub, say("two", run=(51, 1)), sleep=waits)
    assert "one" in server.of()[0]


@pytest.mark.parametrize("status", [500, 502, 503, None])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_passes_is_tried_again(hub, server, waits, method, status):
    server.fail(method, "/comments", status, times=2)
    assert post(hub, say(), sleep=waits).became is Became.CREATED
    assert waits.taken == [1, 2]
    assert len(server.of()) == 1


@pytest.mark.parametrize("status", [502, None])
def test_a_comment_whose_answer_was_lost_is_not_made_twice(hub, server, waits, status):
    server.fail("POST", "/comments", status, after=True)
    assert post(hub, say(), sleep=waits).became is Became.UPDATED
    assert len(server.of()) == 1


def test_after_a_wait_it_is_looked_again_who_is_newer(hub, server):
    """The update of an older run fails, and while it waits a newer one writes."""
    posted(hub, say("one", run=(50, 1)))
    server.fail("PATCH", "/comments/", 502)

    def meanwhile(seconds):
        if seconds != SETTLED:
            posted(hub, say("newer", run=(52, 1)))

    assert post(hub, say("older", run=(51, 1)), sleep=meanwhile).became is Became.NEWER
    assert "newer" in server.of()[0]


def test_a_forge_that_stays_away_ends_in_a_sentence(forge, server, waits):
    server.fail("GET", "/", 503, times=99)
    with pytest.raises(UnusableError, match="answers 503; run the job again"):
        post(forge(), say(), sleep=waits)
    assert waits.taken == [1, 2, 4, 8]
    assert server.of() == []


@pytest.mark.parametrize(
    ("status", "headers", "message", "waited"),
    [
        (403, {"Retry-After": "17"}, "You have exceeded a secondary rate limit", 17),
        (429, {"Retry-After": "17"}, "slow down", 17),
        (403, {}, "You have exceeded a secondary rate limit. Please wait", 60),
        (429, {}, "Too many", 60),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, "API rate limit", 1),
        (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "1"}, "Retry later", 1),
    ],
)
def test_a_limit_of_calls_is_waited_for(hub, server, waits, status, headers, message, waited):
    server.fail("POST", "/comments", status, headers=headers, message=message)
    assert post(hub, say(), sleep=waits).became is Became.CREATED
    assert waits.taken == [waited]
    assert len(server.of()) == 1


def test_a_limit_that_lasts_too_long_is_one_sentence_and_nothing_is_posted(forge, server, waits):
    server.fail(
        "GET", "/", 403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"}
    )
    with pytest.raises(UnusableError, match=r"takes no more calls of this token until .* UTC"):
        post(forge(), say(), sleep=waits)
    assert waits.taken == []
    assert server.of() == []


@pytest.mark.parametrize("token", ["", " ", "wrong"])
def test_without_a_token_that_works_the_sentence_has_the_remedy(forge, server, token):
    with pytest.raises(UnusableError, match=r"github\.token|project access token"):
        posted(forge(token), say())
    assert server.of() == []


def test_a_token_of_a_fork_is_told_of_the_two_workflows(hub, server):
    server.fail("POST", "/comments", 403, message="Resource not accessible by integration")
    with pytest.raises(UnusableError, match=r"pull-requests: write.*docs/ci\.md"):
        posted(hub, say())


def test_a_comment_that_is_refused_for_what_it_holds_says_so(hub, server):
    server.fail("POST", "/comments", 422, message="Validation Failed")
    with pytest.raises(UnusableError, match=r"422 \(Validation Failed\): it takes no such comment"):
        posted(hub, say())


def test_a_locked_conversation_is_said(hub, server):
    locked = "Unable to create comment because issue is locked."
    server.fail("POST", "/comments", 403, message=locked)
    with pytest.raises(UnusableError, match="is locked; unlock it"):
        posted(hub, say())


@pytest.mark.parametrize("sign", ["\n", "\r\n x", "\x00", "é"])
def test_a_token_that_cannot_be_one_is_never_repeated(sign):
    for make in (github, gitlab):
        with pytest.raises(UnusableError) as refused:
            make("https://example.test", f"s3cret{sign}s3cret")
        assert "s3cret" not in str(refused.value)


def test_the_token_goes_over_no_line_that_others_read():
    with pytest.raises(UnusableError, match="no https"):
        github("http://ghes.example.test/api/v3", "good")


def test_the_token_does_not_follow_to_another_host(hub, server):
    with forge_server() as other:
        for method in ("GET", "POST"):
            server.fail(method, "/comments", 307, headers={"Location": f"{other.root}/elsewhere"})
            with pytest.raises(UnusableError, match="another host"):
                posted(hub, say())
        link = f'<{other.root}/steal?page=2>; rel="next"'
        server.fail("GET", "/comments", 200, headers={"Link": link}, message="x")
        with pytest.raises(UnusableError):
            posted(hub, say())
        assert other.asked == []


def test_a_repository_that_moved_is_followed_on_the_same_host(hub, server):
    moved = GitHubThread(github(server.root, "good"), "owner/old", 7)
    for method in ("GET", "POST"):
        place = "/repos/owner/shop/issues/7/comments"
        server.fail(method, "/owner/old/issues", 307, headers={"Location": place}, times=9)
    assert posted(moved, say()).became is Became.CREATED
    assert len(server.of()) == 1


def test_redirects_in_a_circle_end(hub, server):
    server.fail("GET", "/comments", 302, headers={"Location": "/comments"}, times=99)
    with pytest.raises(UnusableError, match="redirects more than"):
        posted(hub, say())


@pytest.mark.parametrize("path", ["graphql", "user", "neither"])
def test_whose_a_comment_is_is_known_by_any_token(server, path):
    server.graphql, server.user = path == "graphql", path == "user"
    server.login = JOB if path == "neither" else "reviewer"
    hub = GitHubThread(github(server.root, "good"), "owner/shop", 7)
    posted(hub, say("one"))
    posted(hub, say("two", run=(51, 1)))
    (body,) = server.of()
    assert "two" in body


def test_who_cannot_know_who_he_is_knows_it_by_what_he_wrote(server):
    server.graphql, server.login = False, "an-app[bot]"
    hub = GitHubThread(github(server.root, "good"), "owner/shop", 7)
    posted(hub, say("one"))
    assert posted(hub, say("two", run=(51, 1))).became is Became.UPDATED
    (body,) = server.of()
    assert "two" in body


class Race:
    """Runs that all look before any of them writes, and pause until all of them have written."""

    def __init__(self, runs):
        self._looked = threading.Barrier(runs)
        self._first = threading.Semaphore(runs)
        self._wrote = threading.Barrier(runs)
        self._mine = threading.local()

    def look(self, asked):
        if asked.method == "GET" and "page=" in asked.path and self._first.acquire(blocking=False):
            self._looked.wait(20)

    def run(self, thread, message):
        self._mine.arrived = False
        post(thread, message, sleep=lambda _: self._arrive())
        self._arrive()

    def _arrive(self):
        if not self._mine.arrived:
            self._mine.arrived = True
            self._wrote.wait(20)


@pytest.mark.parametrize("there", [False, True], ids=["no comment", "a comment"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1)])
def test_runs_that_race_end_with_one_comment_and_it_is_the_newest(forge, server, there, order):
    if there:
        server.comment(f"{replace(MARKER, run=(40, 1))}\nbefore")
    race = Race(len(order))
    server.before = race.look
    with ThreadPoolExecutor(len(order)) as pool:
        said = [say(f"run {run}", run=(50 + run, 1)) for run in order]
        list(pool.map(lambda each: race.run(forge(), each), said))
    (body,) = server.of()
    assert "run 3" in body
    assert marked(body).run == (53, 1)
