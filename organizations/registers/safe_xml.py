"""Reading XML that strangers wrote: no document type, so no entities of theirs, no outside files."""

from xml.etree import ElementTree

from organizations.registers.answers import Unavailable


class _PlainTree(ElementTree.TreeBuilder):
    """Builds a tree and stops at a document type, before anything that it declares counts."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise Unavailable("XML with a document type")


def parse(body: bytes) -> ElementTree.Element:
    """Read a document of bounded length.

    :raises Unavailable: when it is not well-formed, or declares a document type.
    """
    parser = ElementTree.XMLParser(target=_PlainTree())  # noqa: S314 - entities need the type refused above
    try:
        parser.feed(body)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Unavailable("malformed answer") from None
    return root
