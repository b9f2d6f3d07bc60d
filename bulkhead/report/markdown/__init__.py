"""Answers as Markdown, for a pull request, an issue or a wiki: a proof, a delta.

Names come from accounts and tags, which anybody may write: none becomes markup.
"""
