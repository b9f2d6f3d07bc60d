"""The stand-in for Pulumi's `aws` provider: the same types, made with boto3 at one endpoint."""
