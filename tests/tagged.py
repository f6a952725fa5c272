"""What a screen reader needs of a PDF (PDF/UA-1), read from its structure tree."""

from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


def faults(content: bytes) -> list[str]:
    """Return what keeps a PDF from being read aloud in order, a sentence each; empty when nothing does."""
    reader = PdfReader(BytesIO(content))
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    document = {
        "is not tagged": root.get("/MarkInfo", {}).get("/Marked") and "/StructTreeRoot" in root,
        "names no language": bool(root.get("/Lang")),
        "has no title": bool(reader.metadata and reader.metadata.title),
        "shows its file's name for its title": root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"),
        "does not say that it is PDF/UA": "pdfuaid" in xmp,
    }
    found = [f"The document {fault}" for fault, well in document.items() if not well]
    if "/StructTreeRoot" not in root:
        return found
    elements = list(_elements(root["/StructTreeRoot"]))
    for element in elements:
        kind = element["/S"]
        if kind == "/Figure" and not element.get("/Alt"):
            found.append("A picture has no description")
        if kind == "/Table" and not any(part["/S"] == "/TH" for part in _elements(element)):
            found.append("A table has no headings")
    if not any(str(element["/S"]) == "/H1" for element in elements):
        found.append("The document has no first heading")
    return found


def _elements(node) -> Iterator[DictionaryObject]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            yield from _elements(kid)
