"""The Pulumi program: config, topology, plan, components, exports."""
