"""python -m local_aws start | stop | status | env | up | preview | down."""

from __future__ import annotations

import argparse
import errno
import sys
from pathlib import Path

from local_aws import stack
from local_aws.control import CannotStart, start, stop
from local_aws.disk import DiskFull
from local_aws.environment import NoToolchain, exports, pulumi_path
from local_aws.health import Stranger, health
from local_aws.place import CHECKOUT, DEFAULT_PORT, Place, on_this_machine


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m local_aws", description="An AWS for one machine."
    )
    parser.add_argument("--root", type=Path, default=CHECKOUT, help="the project's folder")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, text in (
        ("start", "start it, if it does not run"),
        ("stop", "stop it; what it held is gone"),
        ("status", "say whether it runs"),
        ("env", 'print exports: eval "$(python -m local_aws env)"'),
    ):
        command = verbs.add_parser(verb, help=text)
        command.add_argument("--port", type=int, default=DEFAULT_PORT)
        if verb == "env":
            command.add_argument("--stack", default="dev", help="whose address and region")
        if verb in ("start", "env"):
            command.add_argument(
                "--emulator",
                metavar="URL",
                type=on_this_machine,
                help="the stand-in for the provider works with this other AWS on this machine",
            )
    for verb, text in (
        ("up", "bring a local stack up"),
        ("preview", "preview a local stack"),
        ("down", "destroy a local stack and stop the local AWS"),
    ):
        command = verbs.add_parser(verb, help=f"{text}; further arguments go to pulumi")
        command.add_argument("--stack", default="dev")
        if verb == "preview":
            command.add_argument(
                "--keep",
                metavar="FOLDER",
                type=Path,
                help="write preview.json and state.json there, for programs",
            )
    options, rest = parser.parse_known_args(arguments)
    if rest and options.verb not in ("up", "preview", "down"):
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        return run(options, [word for word in rest if word != "--"])
    except (Stranger, CannotStart, DiskFull, NoToolchain, stack.CannotRun) as error:
        stack.say(str(error))
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
            raise
        stack.say(f"cannot write {error.filename or 'its files'}: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        return 130


def run(options: argparse.Namespace, rest: list[str]) -> int:
    root = options.root.resolve()
    if options.verb == "up":
        return stack.up(root, options.stack, rest)
    if options.verb == "preview":
        return stack.preview(root, options.stack, rest, options.keep)
    if options.verb == "down":
        return stack.down(root, options.stack, rest)
    if options.verb == "env":
        local = stack.local_stack(root, options.stack)
        other = Place(root, options.port, options.emulator)
        print(exports(other if options.emulator else local.place, local.region, pulumi_path()))
        return 0
    place = Place(root, options.port, getattr(options, "emulator", None))
    if options.verb == "start":
        found, started = start(place)
        stack.say(
            f"{'started' if started else 'runs already'} at {place.address} (pid {found.pid})"
        )
    elif options.verb == "stop":
        stack.say("stopped" if stop(place) else f"was not running at {place.address}")
    else:
        return status(place)
    return 0


def status(place: Place) -> int:
    found = health(place)
    if found is None:
        stack.say(f"does not run at {place.address}")
        return 3  # as `systemctl status` has it for a service that is not running
    stack.say(f"runs at {place.address} (pid {found.pid}, instance {found.instance[:8]})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
