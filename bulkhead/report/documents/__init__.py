"""Every answer as JSON: versioned, and described in docs/json.md. One file a document.

A document's `schema` names its kind and version. Within a version fields are
only added; whatever removes or renames one raises the number. What may hold
millions of cells is not made whole but part by part, for `stream`.

(Not called `json`: within Python that is the module that writes it.)
"""
