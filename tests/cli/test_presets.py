"""`bulkhead presets`: all of them, or one to copy from; and the page that is kept of them."""


def test_it_lists_them_and_prints_one_as_it_would_be_written(ask):
    listed = ask("presets")
    assert "salt " in listed.out
    assert "roles: master, minion" in listed.out
    shown = ask("presets", "salt")
    assert 'publish: { type: PUB, bind: "tcp://*:4505"' in shown.out
    assert ask("presets", "salt.minion").out == shown.out


def test_a_name_that_is_none_is_told_what_was_meant_or_why_there_is_none(ask):
    assert "did you mean salt?" in ask("presets", "slat").err
    assert "it speaks gRPC, not ZeroMQ" in ask("presets", "ray").err
    assert ask("presets", "ray").code == 2
    assert ask("presets", "salt", "--markdown").code == 2


def test_the_page_is_written_and_told_when_it_is_stale(ask, tmp_path):
    path = tmp_path / "presets.md"
    assert ask("presets", "--markdown", "-o", path).code == 0
    assert path.read_text().startswith("# Application presets\n")
    assert ask("presets", "--markdown", "-o", path, "--check").code == 0
    path.write_text("else\n")
    assert ask("presets", "--markdown", "-o", path, "--check").code == 1
