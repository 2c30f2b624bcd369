"""Find the texts to translate in Django templates, for Babel.

Babel reads Python; Django's own `templatize` turns a template into something Python-like that
holds the same gettext calls on the same lines. So no GNU gettext is needed.
"""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

Message = tuple[int, str, Any, list[str]]


def extract_template(
    fileobj: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: dict[str, Any],
) -> Iterator[Message]:
    """Yield (line, function, texts, comments) for each text of one template."""
    source = fileobj.read().decode("utf-8")
    # Python's tokenizer minds indentation, a template does not.
    lines = [line.strip() for line in templatize(source).splitlines()]
    python_like = BytesIO("\n".join(lines).encode("utf-8"))
    yield from extract_python(python_like, keywords, comment_tags, {**options, "encoding": "utf-8"})
