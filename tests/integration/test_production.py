"""A production stack is one file away, and never meets the stand-in."""

from __future__ import annotations

import dataclasses

import pytest

from tests.integration.conftest import make_checkout

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

PRODUCTION = """\
config:
  bulkhead:topology: topologies/trading.yaml
  aws:region: eu-west-1
"""


@pytest.fixture
def production(tmp_path):
    made = make_checkout(tmp_path)
    (made.root / "Pulumi.prod.yaml").write_text(PRODUCTION)
    (made.root / ".bulkhead" / "local" / "state").mkdir(parents=True)
    return made


def test_outside_the_local_environment_only_the_official_provider_is_looked_for(production):
    home = {**production.environment, "PULUMI_HOME": str(production.root / "home")}
    ordinary = dataclasses.replace(production, environment=home)
    assert ordinary.pulumi("stack", "init", "prod").code == 0
    preview = ordinary.pulumi("preview", "--stack", "prod")
    assert preview.code != 0
    assert "no resource plugin 'pulumi-resource-aws'" in preview.said


def test_the_local_commands_refuse_a_stack_that_is_not_local(production):
    refused = production.stack("up", "--stack", "prod")
    assert refused.code != 0
    assert "not a local one" in refused.said
    assert "plain `pulumi up --stack prod`" in refused.said
