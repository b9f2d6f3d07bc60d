"""What all components share: their token, their children's options and names, their tags."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence

import pulumi

from bulkhead.network import SaidOf, tags


class Component(pulumi.ComponentResource):
    """A component `bulkhead:network:<Class>` whose children are named after it.

    Children are called '<component>-<key>', where the key says what the child is
    and never where it stands in a list; cosmetic names go into the Name tag.
    """

    def __init__(
        self,
        name: str,
        topology: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        words: SaidOf | None = None,
        was: Sequence[str] = (),
    ) -> None:
        """`was`: what it was called before. What the engine built under that name is kept, that of
        children too: they are called after it."""
        self.name = name
        self.topology = topology
        self._words = words or SaidOf()
        # Last, so that a transformation may look at what it is about.
        former = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=each) for each in was])
        options = pulumi.ResourceOptions.merge(opts, former)
        super().__init__(f"bulkhead:network:{type(self).__name__}", name, None, options)

    def child(
        self,
        *,
        after: list[pulumi.Resource] | Awaitable[list[pulumi.Resource]] | None = None,
        delete_before_replace: bool | None = None,
        ignore_changes: list[str] | None = None,
        was: Iterable[str] = (),
    ) -> pulumi.ResourceOptions:
        """Options of a child: parented here, made after `after`, once called as in `was`."""
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=after,
            delete_before_replace=delete_before_replace,
            ignore_changes=ignore_changes,
            aliases=[pulumi.Alias(name=each) for each in was],
        )

    def key(self, *words: object) -> str:
        """The Pulumi name of a child: letters, digits, dots and dashes only, and of a shared group
        a plus.

        Of a block of IPv6 dots stand for colons, of which a URN has some of its own.
        """
        text = "-".join([self.name, *(str(word) for word in words)])
        return text.replace("/", "-").replace(" ", "-").replace(":", ".")

    def tags(self, name: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The tags of a child: what it is called, the topology and stack it serves, and `extra`."""
        return {
            tags.NAME: name,
            tags.TOPOLOGY: self.topology,
            tags.STACK: pulumi.get_stack(),
            **(extra or {}),
        }

    def word_tags(
        self, name: str, extra: Mapping[str, str] | None = None, *, purpose: str = ""
    ) -> dict[str, str]:
        """The same of what stands for the component, with what people say of that.

        `purpose` is that of the child alone, where it has one.
        """
        words = SaidOf(purpose=purpose) if purpose else self._words
        return self.tags(name, {**(extra or {}), **tags.word_tags(words)})


def with_two_dots(name: str) -> str:
    """'router..eth1' of 'router.eth1': in what the engine knows of a service, a single dot is no
    part of its name."""
    return name.replace(".", "..")
