"""YAML text, read into plain values that still know their lines.

nodes    a value, with the line of each of its keys
reading  read_document(name, bytes): the tree of them, or what is wrong as YAML
scalars  which value an unquoted word is
syntax   what is wrong with a text that is no YAML, in the words of who wrote it
"""

from bulkhead.intent.document.nodes import FileLine, KeyPath, YamlNode, nearest
from bulkhead.intent.document.reading import (
    EMPTY,
    LARGEST_FILE,
    MOST_VALUES,
    YamlDocument,
    read_bytes,
    read_document,
)

__all__ = [
    "EMPTY",
    "LARGEST_FILE",
    "MOST_VALUES",
    "FileLine",
    "KeyPath",
    "YamlDocument",
    "YamlNode",
    "nearest",
    "read_bytes",
    "read_document",
]
