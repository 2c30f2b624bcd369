"""Code in pages: shown as it is, whatever it holds."""

from django.template import Context, Template

from config.templatetags import code_samples


def test_sample_escapes_its_text_and_ties_it_to_its_button() -> None:
    source = '{% load code_samples %}{% code_sample text id="x" label="Shell" language="sh" %}'

    page = Template(source).render(Context({"text": 'curl "<your_token>"'}))

    assert '<code id="x" data-language="sh">curl &quot;&lt;your_token&gt;&quot;</code>' in page
    assert 'data-copy="x"' in page


def test_code_words_are_marked_and_the_rest_is_escaped() -> None:
    marked = code_samples.code_words("**Never** `a<b` & <script>")

    assert marked == ("<strong>Never</strong> <code>a&lt;b</code> &amp; &lt;script&gt;")


def test_long_names_may_break_after_their_dots() -> None:
    assert code_samples.breakable("data[].a.<b>") == "data[].<wbr>a.<wbr>&lt;b&gt;"
