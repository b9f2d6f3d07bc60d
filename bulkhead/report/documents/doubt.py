"""`doubt` of `bulkhead.prove/2`."""

from __future__ import annotations

from bulkhead.doubt import Contradiction, Doubts
from bulkhead.network import protocol_name
from bulkhead.report.documents.writing import Document
from bulkhead.report.doubt import verdict


def doubted(doubts: Doubts) -> Document:
    """What was asked, what was left out, and each difference."""
    headline, *_ = verdict(doubts)
    return {
        "verdict": headline.lower(),
        "opinions": [
            {
                "name": each.name,
                "questions": each.questions,
                "cells": each.cells,
                "over_all_packets": each.exhaustive,
                "left_out": each.left_out or None,
                "seconds": round(each.seconds, 3),
            }
            for each in doubts.opinions
        ],
        "disagreements": [_difference(each) for each in doubts.contradictions],
    }


def _difference(each: Contradiction) -> Document:
    witness = each.witness
    return {
        "opinion": each.opinion,
        "question": each.question,
        "from": each.source,
        "to": each.destination,
        "packet": {
            "source": str(witness.source_address),
            "destination": str(witness.destination_address),
            "protocol": protocol_name(witness.protocol),
            "port": witness.port,
            "client_port": witness.client_port,
        },
        "proved": each.proved,
        "found": each.found,
    }
