"""A live account: asked, Region by Region."""
