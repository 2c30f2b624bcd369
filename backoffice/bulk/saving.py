"""Writing the entries of a collection, and counting which were new or changed."""

from collections.abc import Callable, Sequence

from backoffice.bulk import rows, tables
from backoffice.bulk.fields import Form
from backoffice.bulk.files import File
from backoffice.bulk.rows import Change


def write_form(
    file: File, form: Form, settle: Callable[[Sequence[Change], File], None] | None = None
) -> None:
    """Merge the entries of a collection into their rows, let `settle` finish them, and write them."""
    changes = rows.merge(form, file.entries[form.collection])
    if settle:
        settle(changes, file)
    save(file, form, changes)


def save(file: File, form: Form, changes: Sequence[Change]) -> None:
    """Write the rows of these changes."""
    written = rows.stamp(changes, now=file.now)
    file.new[form.collection] = sum(change.is_new for change in changes)
    file.changed[form.collection] = len(written) - file.new[form.collection]
    file.touched[form.collection] |= {row.pk for row in written}
    tables.upsert(form.model, written)
    file.progress(form.collection, len(changes))
