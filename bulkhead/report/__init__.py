"""Answers in words and pictures. Nothing is decided here: what is said is part of the answer.

console      where it goes: a terminal, a pipe
plan, matrix, reach, explanation, delta, lint, doubt, verdict    an answer each, for people
sheet        the entries that every machine form is written from; sheets/ makes one a verb
markdown/    for a pull request
documents/   as JSON, for programs
picture/     a network and its flows, as SVG or Mermaid
edits, openings, words    what several of them say alike
"""
