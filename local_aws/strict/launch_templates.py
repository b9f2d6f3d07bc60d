"""Launch templates: their own tags are none of what is launched."""

from __future__ import annotations

from local_aws.strict.rules import Request, Result, amends


@amends("CreateLaunchTemplate")
def tags_of_a_template_are_not_in_its_versions(request: Request, result: Result) -> None:
    """moto writes them there as well, where AWS takes no such type:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateTagSpecificationRequest.html"""
    template = request.cloud.get_launch_template(result["LaunchTemplate"]["LaunchTemplateId"])
    for version in template.versions:
        said = version.data.get("TagSpecifications") or []
        kept = [each for each in said if each["ResourceType"] != "launch-template"]
        version.data.pop("TagSpecifications", None)
        if kept:
            version.data["TagSpecifications"] = kept
