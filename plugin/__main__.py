"""The component package that `pulumi package add` takes: what is installed beside it serves it."""

from bulkhead.components.fabric.package import serve

if __name__ == "__main__":
    serve()
